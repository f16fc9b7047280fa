-- How far events got ($1 events, $2 readers).
SELECT
    asked.event_id,
    EXISTS (
        SELECT FROM inbox AS i WHERE i.reader = ANY ($2::text[]) AND i.event_id = asked.event_id
    ) AS admitted,
    EXISTS (SELECT FROM waiting AS w WHERE w.event_id = asked.event_id) AS waits,
    (
        SELECT p.reason FROM parked AS p
        WHERE p.source = ANY ($2::text[]) AND p.event_id = asked.event_id
            AND p.replayed_at IS NULL
        LIMIT 1
    ) AS parked
FROM unnest($1::uuid[]) AS asked (event_id)
