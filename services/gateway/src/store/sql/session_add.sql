INSERT INTO session (session_digest, organization_id, member_id, epoch, created_at, seen_at)
VALUES ($1, $2, $3, $4, $5, $6)
