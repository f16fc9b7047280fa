-- Those of a plan's conversations that still wait and that nobody else is at, locked in the order
-- of their ids until the transaction ends.
SELECT c.*
FROM (
    SELECT conversation_id FROM unnest($2::uuid[]) AS wanted (conversation_id)
    ORDER BY conversation_id
) AS wanted
CROSS JOIN LATERAL (
    SELECT found.organization_id, found.conversation_id, found.rev, found.state,
        found.waiting_since, found.channel_ids, found.decision, found.owner_member_id,
        found.former_member_id, found.epoch, found.trace
    FROM conversation AS found
    WHERE found.organization_id = $1 AND found.conversation_id = wanted.conversation_id
        AND found.waiting
    LIMIT 1
    FOR UPDATE SKIP LOCKED
) AS c
