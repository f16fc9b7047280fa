SELECT extract(epoch FROM due - clock_timestamp())::double precision AS due_in
FROM waiting_turn
WHERE reader = $1
ORDER BY due
LIMIT 1
