WITH appended AS (
    SELECT *
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::bytea[],
        $7::timestamptz[], $8::text[]
    ) AS message (
        event_id, organization_id, subject, network, lane, payload, occurred_at, trace
    )
),
kept AS (
    INSERT INTO outbox (
        event_id, organization_id, subject, network, lane, payload, occurred_at, trace
    )
    SELECT event_id, organization_id, subject, network, lane, payload, occurred_at, trace
    FROM appended
)
INSERT INTO outbox_pending (event_id, network, lane)
SELECT event_id, network, lane FROM appended
