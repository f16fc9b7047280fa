INSERT INTO item (
    organization_id, channel_id, external_id, aspect, version,
    id, request_id, position, event_id, received_at
)
SELECT *
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[],
    $6::uuid[], $7::uuid[], $8::integer[], $9::uuid[], $10::timestamptz[]
)
ON CONFLICT DO NOTHING
RETURNING id
