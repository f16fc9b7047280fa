-- The network ids of everything that conversations hold ($1 organization, $2 conversation).
SELECT m.organization_id, m.network, m.scope, m.external_id
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, conversation_id)
JOIN message AS m
    ON m.organization_id = wanted.organization_id
    AND m.conversation_id = wanted.conversation_id
