-- Live inbound messages of conversations that came after what had been seen before the last
-- decision ($1 organization, $2 conversation).
SELECT m.conversation_id, m.network_time, m.sequence, m.kind
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, conversation_id)
CROSS JOIN LATERAL (
    SELECT found.* FROM conversation AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.conversation_id = wanted.conversation_id
    LIMIT 1
) AS c
JOIN message AS m
    ON m.organization_id = wanted.organization_id
    AND m.conversation_id = wanted.conversation_id
    AND m.sequence > COALESCE(c.undo_seen_before, c.seen_through)
    AND m.direction = 1 AND NOT m.history
