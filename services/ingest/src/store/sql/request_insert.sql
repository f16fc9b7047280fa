INSERT INTO webhook_request (id, application_id, network, received_at, body, outcomes)
SELECT id, application_id, network, received_at, body, outcomes::jsonb
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bytea[], $6::text[]
) AS arrived (id, application_id, network, received_at, body, outcomes)
