-- The limit comes before the age, so that a young outbox is not walked from end to end.
WITH confirmed AS (
    SELECT recorded.incarnation, recorded.sequence, recorded.event_id
    FROM outbox_floor AS floor
    CROSS JOIN LATERAL (
        SELECT incarnation, sequence, event_id
        FROM outbox_sequence
        WHERE incarnation = floor.incarnation
            AND sequence <= floor.confirmed
            AND (
                NOT floor.is_current
                OR sequence < (
                    SELECT max(highest.sequence)
                    FROM outbox_sequence AS highest
                    WHERE highest.incarnation = floor.incarnation
                )
            )
        ORDER BY sequence
        LIMIT $2
    ) AS recorded
),
old AS (
    SELECT confirmed.*
    FROM confirmed
    JOIN outbox ON outbox.event_id = confirmed.event_id
    WHERE outbox.created_at < clock_timestamp() - make_interval(secs => $1)
    LIMIT $2
),
forgotten AS (
    DELETE FROM outbox_sequence AS recorded
    USING old
    WHERE recorded.incarnation = old.incarnation AND recorded.sequence = old.sequence
)
DELETE FROM outbox USING old WHERE outbox.event_id = old.event_id
