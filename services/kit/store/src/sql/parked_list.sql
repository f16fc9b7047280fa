SELECT *
FROM parked
WHERE ($1::text IS NULL OR source = $1)
    AND ($2::uuid IS NULL OR organization_id = $2)
    AND ($3::boolean OR replayed_at IS NULL)
    AND ($4::uuid IS NULL OR id > $4)
ORDER BY id
LIMIT $5
