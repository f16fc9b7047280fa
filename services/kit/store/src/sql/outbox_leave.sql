WITH unconfirmed AS (
    DELETE FROM outbox_sequence AS recorded
    USING outbox_floor AS former
    WHERE former.is_current
        AND former.incarnation <> $1
        AND recorded.incarnation = former.incarnation
        AND recorded.sequence > former.confirmed
    RETURNING recorded.event_id
)
INSERT INTO outbox_pending (event_id, network, lane)
SELECT outbox.event_id, outbox.network, outbox.lane
FROM outbox
WHERE outbox.event_id IN (SELECT event_id FROM unconfirmed)
ON CONFLICT DO NOTHING
