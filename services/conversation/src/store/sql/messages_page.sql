-- The messages of a conversation before a place, the newest first ($1 organization,
-- $2 conversation; $3, $4, $5 time, id length and id of the first one of the page after; $6 limit).
WITH page AS (
    SELECT m.organization_id, m.message_id
    FROM message AS m
    WHERE m.organization_id = $1 AND m.conversation_id = $2
        AND (m.network_time, m.external_length, m.external_id)
            < ($3::timestamptz, $4::integer, $5::text)
    ORDER BY m.network_time DESC, m.external_length DESC, m.external_id DESC
    LIMIT $6
)
