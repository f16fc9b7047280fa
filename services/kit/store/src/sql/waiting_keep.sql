INSERT INTO waiting (organization_id, key, event_id, payload, occurred_at, trace)
SELECT organization_id, key, event_id, payload, occurred_at, trace
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bytea[], $5::timestamptz[], $6::text[])
    AS arrived (organization_id, key, event_id, payload, occurred_at, trace)
ON CONFLICT DO NOTHING
