-- Notes go where the messages have gone that they are tied to ($1 organization, $2 message).
UPDATE note AS n SET conversation_id = m.conversation_id
FROM unnest($1::uuid[], $2::uuid[]) AS gone (organization_id, message_id)
JOIN message AS m
    ON m.organization_id = gone.organization_id AND m.message_id = gone.message_id
WHERE n.organization_id = gone.organization_id AND n.message_id = gone.message_id
