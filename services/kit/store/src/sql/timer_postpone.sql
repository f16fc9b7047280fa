UPDATE timer
SET attempts = attempts + 1,
    due = clock_timestamp() + make_interval(secs => least(power(2, least(attempts, 10)), 600))
WHERE id = $1
RETURNING attempts
