SELECT *
FROM parked
WHERE source = $1 AND unknown_to < $2 AND replayed_at IS NULL AND ($3::uuid IS NULL OR id > $3)
ORDER BY id
LIMIT $4
