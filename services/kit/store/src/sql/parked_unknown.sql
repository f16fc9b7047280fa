SELECT *
FROM parked
WHERE source = $1 AND unknown_to < $2 AND replayed_at IS NULL
ORDER BY id
LIMIT $3
