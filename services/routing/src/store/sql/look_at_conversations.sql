-- Conversations as they stand; nothing is locked. The lookups are those of load_conversations.
SELECT c.*
FROM (
    SELECT organization_id, conversation_id
    FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, conversation_id)
) AS wanted
CROSS JOIN LATERAL (
    SELECT found.organization_id, found.conversation_id, found.rev, found.state,
        found.waiting_since, found.channel_ids, found.decision, found.owner_member_id,
        found.former_member_id, found.epoch, found.trace
    FROM conversation AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.conversation_id = wanted.conversation_id
    LIMIT 1
) AS c
