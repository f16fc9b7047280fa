INSERT INTO application AS known (
    application_id, network, organization_id, simulated, version, permalink_base
)
SELECT DISTINCT ON (application_id) *
FROM unnest(
    $1::uuid[], $2::text[], $3::uuid[], $4::boolean[], $5::bigint[], $6::text[]
) AS told (application_id, network, organization_id, simulated, version, permalink_base)
ORDER BY application_id, version DESC
ON CONFLICT (application_id) DO UPDATE
SET network = excluded.network,
    organization_id = excluded.organization_id,
    simulated = excluded.simulated,
    version = excluded.version,
    permalink_base = excluded.permalink_base,
    changed_at = clock_timestamp()
WHERE excluded.version > known.version
