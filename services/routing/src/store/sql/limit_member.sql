-- One member's limits ($3 their own capacity, or NULL; $4 capacity, $5 hard limit).
UPDATE member SET own_capacity = $3, capacity = $4, hard_limit = $5, tolerated = load
WHERE organization_id = $1 AND member_id = $2
