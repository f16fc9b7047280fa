-- The next turn is set before this one is used, so that whoever dies with it costs one turn only:
-- 1 s after the event was put aside, then 2 s later, 4 s, … and every minute from then on.
WITH due AS (
    SELECT reader, event_id
    FROM waiting_turn
    WHERE reader = $1 AND due <= clock_timestamp()
    ORDER BY due, event_id
    LIMIT $2
    FOR UPDATE SKIP LOCKED
)
UPDATE waiting_turn AS turn
SET offered = turn.offered + 1,
    due = clock_timestamp() + make_interval(secs => least(power(2, least(turn.offered + 1, 10)), 60))
FROM due
WHERE turn.reader = due.reader AND turn.event_id = due.event_id
RETURNING turn.organization_id, turn.event_id
