-- A sequence seen before belongs to a stream that was refilled: the newest word is right.
WITH acknowledged AS (
    SELECT DISTINCT ON (sequence) event_id, sequence
    FROM unnest($2::uuid[], $3::bigint[]) AS message (event_id, sequence)
),
recorded AS (
    INSERT INTO outbox_sequence (incarnation, sequence, event_id)
    SELECT $1, sequence, event_id FROM acknowledged
    ON CONFLICT (incarnation, sequence) DO UPDATE SET event_id = excluded.event_id
)
DELETE FROM outbox_pending WHERE event_id = ANY ($2::uuid[])
