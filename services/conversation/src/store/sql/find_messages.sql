-- The keys of messages by our own ids, and whose they are ($1 organization, $2 message); unknown
-- ones are left out. With each goes whether anything waits for one of these keys in the side table
-- ($3 organization, $4 key).
SELECT
    EXISTS (
        SELECT FROM unnest($3::uuid[], $4::text[]) AS brought (organization_id, key)
        JOIN waiting AS kept
            ON kept.organization_id = brought.organization_id AND kept.key = brought.key
    ) AS awaited,
    m.organization_id, m.message_id, m.network, m.scope AS message_scope, m.external_id, i.scope,
    i.network_user_id
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, message_id)
CROSS JOIN LATERAL (
    SELECT found.* FROM message AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.message_id = wanted.message_id
    LIMIT 1
) AS m
CROSS JOIN LATERAL (
    SELECT found.scope, found.network_user_id FROM contact_identity AS found
    WHERE found.organization_id = m.organization_id AND found.identity_id = m.identity_id
    LIMIT 1
) AS i
