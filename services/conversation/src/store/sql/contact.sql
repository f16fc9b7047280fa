-- Who a contact is at the network ($1 organization, $2 contact).
SELECT
    p.organization_id, p.display_name, p.handle, p.avatar_url, i.network, i.scope,
    i.network_user_id
FROM contact AS p
CROSS JOIN LATERAL (
    SELECT found.* FROM contact_identity AS found
    WHERE found.organization_id = p.organization_id AND found.contact_id = p.contact_id
    ORDER BY found.identity_id
    LIMIT 1
) AS i
WHERE p.organization_id = $1 AND p.contact_id = $2
