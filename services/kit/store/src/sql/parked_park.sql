INSERT INTO parked (
    id, source, event_id, organization_id, subject, reason, detail, payload, trace, replayable,
    unknown_to
)
SELECT *
FROM unnest(
    $1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
    $8::bytea[], $9::text[], $10::boolean[], $11::integer[]
)
ON CONFLICT DO NOTHING
