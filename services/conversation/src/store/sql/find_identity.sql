-- The identity of each conversation ($1 organization, $2 conversation).
SELECT c.organization_id, c.conversation_id, i.network, i.scope, i.network_user_id
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, conversation_id)
CROSS JOIN LATERAL (
    SELECT found.organization_id, found.conversation_id, found.identity_id
    FROM conversation AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.conversation_id = wanted.conversation_id
    LIMIT 1
) AS c
CROSS JOIN LATERAL (
    SELECT found.network, found.scope, found.network_user_id FROM contact_identity AS found
    WHERE found.organization_id = c.organization_id AND found.identity_id = c.identity_id
    LIMIT 1
) AS i
