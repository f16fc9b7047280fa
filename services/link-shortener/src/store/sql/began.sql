INSERT INTO authorization_state (organization_id, digest, member_id, expires_at)
VALUES ($1, $2, $3, $4)
