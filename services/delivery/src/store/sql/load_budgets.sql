SELECT holder_id, call, name, reason, allowed, remaining, counted, resets_at
FROM budget
WHERE holder_id = ANY ($1::uuid[])
