-- The newest message of the contact in a conversation ($1 organization, $2 conversation).
WITH page AS (
    SELECT m.organization_id, m.message_id
    FROM message AS m
    WHERE m.organization_id = $1 AND m.conversation_id = $2 AND m.direction = 1
    ORDER BY m.network_time DESC, m.external_length DESC, m.external_id DESC
    LIMIT 1
)
