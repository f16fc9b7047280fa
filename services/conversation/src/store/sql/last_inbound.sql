-- Network time of the contact's newest live message in a conversation ($1 organization,
-- $2 conversation).
SELECT m.network_time FROM message AS m
WHERE m.organization_id = $1 AND m.conversation_id = $2 AND m.direction = 1 AND NOT m.history
ORDER BY m.network_time DESC
LIMIT 1
