WITH missing AS (
    DELETE FROM outbox_sequence AS recorded
    USING outbox_floor AS current
    WHERE current.is_current
        AND recorded.incarnation = current.incarnation
        AND recorded.sequence > current.confirmed
        AND recorded.sequence = ANY ($1::bigint[])
    RETURNING recorded.event_id
)
INSERT INTO outbox_pending (event_id, network, lane)
SELECT outbox.event_id, outbox.network, outbox.lane
FROM outbox
WHERE outbox.event_id IN (SELECT event_id FROM missing)
ON CONFLICT DO NOTHING
