SELECT
    (SELECT count(*) FROM (SELECT FROM outbox_pending LIMIT 10000) AS counted) AS pending,
    (
        SELECT extract(epoch FROM clock_timestamp() - outbox.created_at)::double precision
        FROM outbox
        WHERE outbox.event_id = (SELECT event_id FROM outbox_pending ORDER BY event_id LIMIT 1)
    ) AS oldest
