SELECT current.incarnation, current.confirmed, recorded.sequence, recorded.event_id
FROM outbox_floor AS current
LEFT JOIN LATERAL (
    SELECT sequence, event_id
    FROM outbox_sequence
    WHERE incarnation = current.incarnation
    ORDER BY sequence DESC
    LIMIT 1
) AS recorded ON true
WHERE current.is_current
