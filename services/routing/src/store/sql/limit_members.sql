-- Everybody's limits after the team's ($2 capacity, $3 hard limit, NULL: twice the capacity) were
-- set. Members are locked in the order of their ids, as everywhere. Whoever owns more than a new
-- limit keeps it.
WITH locked AS (
    SELECT m.member_id, COALESCE(m.own_capacity, $2::integer) AS capacity,
        set_config('idle_in_transaction_session_timeout', '500', true) AS idle
    FROM member AS m WHERE m.organization_id = $1
    ORDER BY m.member_id
    FOR UPDATE
)
UPDATE member AS m SET
    capacity = locked.capacity,
    hard_limit = CASE
        WHEN $3::integer IS NULL THEN 2 * locked.capacity
        ELSE GREATEST($3::integer, locked.capacity)
    END,
    tolerated = m.load
FROM locked
WHERE m.organization_id = $1 AND m.member_id = locked.member_id
