INSERT INTO channel AS stored (organization_id, channel_id, name, unhealthy, checked_at, version)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::boolean[], $5::timestamptz[], $6::bigint[]
)
ON CONFLICT (organization_id, channel_id) DO UPDATE SET
    name = excluded.name, unhealthy = excluded.unhealthy, checked_at = excluded.checked_at,
    version = excluded.version
