-- The lanes that have anything, by skipping along the index; then the head of each.
WITH RECURSIVE lanes AS (
    (SELECT network, lane FROM outbox_pending ORDER BY network, lane LIMIT 1)
    UNION ALL
    SELECT next.network, next.lane
    FROM lanes
    CROSS JOIN LATERAL (
        SELECT pending.network, pending.lane
        FROM outbox_pending AS pending
        WHERE (pending.network, pending.lane) > (lanes.network, lanes.lane)
        ORDER BY pending.network, pending.lane
        LIMIT 1
    ) AS next
),
claimed AS (
    SELECT head.event_id
    FROM lanes
    CROSS JOIN LATERAL (
        SELECT pending.event_id
        FROM outbox_pending AS pending
        WHERE pending.network = lanes.network AND pending.lane = lanes.lane
        ORDER BY pending.event_id
        LIMIT $1
        FOR UPDATE SKIP LOCKED
    ) AS head
)
SELECT
    outbox.event_id, outbox.organization_id, outbox.subject, outbox.network, outbox.lane,
    outbox.payload, outbox.occurred_at, outbox.trace, outbox.created_at
FROM claimed
JOIN outbox ON outbox.event_id = claimed.event_id
ORDER BY outbox.network, outbox.lane, outbox.event_id
