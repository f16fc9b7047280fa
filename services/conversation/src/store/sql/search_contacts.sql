-- Contacts who have what is looked for, each with the newest conversation that is seen ($1
-- organization, $2 patterns, $3 channels that do not count, $4 where the page begins, $5 how many,
-- $6 an index knows a word).
SELECT p.contact_id, p.display_name, p.handle, p.avatar_url, i.network, i.scope, c.conversation_id
FROM search_contacts($1::uuid, $2::text[], $3::uuid[], $4::uuid, $5, $6) AS found
CROSS JOIN LATERAL (
    SELECT known.* FROM contact AS known
    WHERE known.organization_id = $1 AND known.contact_id = found.contact_id
    LIMIT 1
) AS p
CROSS JOIN LATERAL (
    SELECT known.conversation_id, known.identity_id FROM conversation AS known
    WHERE known.organization_id = $1 AND known.contact_id = found.contact_id
        AND known.absorbed_into IS NULL
        AND ($3::uuid[] = '{}' OR NOT known.channel_ids <@ $3::uuid[])
    ORDER BY known.opened_at DESC, known.conversation_id DESC
    LIMIT 1
) AS c
CROSS JOIN LATERAL (
    SELECT known.network, known.scope FROM contact_identity AS known
    WHERE known.organization_id = $1 AND known.identity_id = c.identity_id
    LIMIT 1
) AS i
ORDER BY p.contact_id DESC
