-- The contact behind an identity; one comes to be if there is none ($1 organization, $2 network,
-- $3 scope, $4 network user id, $5 contact and $6 identity to come, $7 name, $8 handle, $9 avatar).
WITH known AS (
    SELECT i.contact_id FROM contact_identity AS i
    WHERE i.organization_id = $1 AND i.network = $2 AND i.scope = $3 AND i.network_user_id = $4
), contacts AS (
    INSERT INTO contact
        (organization_id, contact_id, display_name, handle, avatar_url, profile_as_of)
    SELECT $1, $5, $7, $8, $9, NULL WHERE NOT EXISTS (SELECT FROM known)
), identities AS (
    INSERT INTO contact_identity
        (organization_id, network, scope, network_user_id, identity_id, contact_id)
    SELECT $1, $2, $3, $4, $6, $5 WHERE NOT EXISTS (SELECT FROM known)
    RETURNING contact_id
)
SELECT contact_id FROM known UNION ALL SELECT contact_id FROM identities
