-- How unresolved conversations stand ($1 organization; $2 identity of the last row of the page
-- before; $3 limit). An identity has one at most and keeps it in its place: whatever moves, every
-- other one is met exactly once.
SELECT
    c.identity_id, c.conversation_id, c.rev, c.state, c.network, c.channel_ids, c.waiting_since,
    c.owner_member_id, c.owner_epoch, c.decision, c.decided_by, c.decided_by_reply,
    c.absorbed_into, c.contact_id
FROM conversation AS c
WHERE c.organization_id = $1 AND c.state IN (1, 2) AND c.identity_id > $2
ORDER BY c.identity_id
LIMIT $3
