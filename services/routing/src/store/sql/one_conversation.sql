-- One conversation as it stands; nothing is locked.
SELECT c.organization_id, c.conversation_id, c.rev, c.state, c.waiting_since, c.channel_ids,
    c.decision, c.owner_member_id, c.former_member_id, c.epoch, c.trace
FROM conversation AS c
WHERE c.organization_id = $1 AND c.conversation_id = $2
