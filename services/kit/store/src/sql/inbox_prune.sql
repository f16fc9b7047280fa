DELETE FROM inbox
WHERE (reader, event_id) IN (
    SELECT reader, event_id FROM inbox
    WHERE admitted_at < clock_timestamp() - make_interval(secs => $1)
    LIMIT $2
    FOR UPDATE SKIP LOCKED
)
