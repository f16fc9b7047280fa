INSERT INTO audit (organization_id, number, at, member_id, service, act, subject, detail, hash)
VALUES ($1, 0, $2, $3, $4, $5, $6, $7::text::json, '')
RETURNING number
