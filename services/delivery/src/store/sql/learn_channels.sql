-- Gives those that were changed since they were last told.
INSERT INTO channel AS known (
    organization_id, channel_id, application_id, network, account_id, handle, api_base, simulated,
    version
)
SELECT DISTINCT ON (organization_id, channel_id) *
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::boolean[], $9::bigint[]
) AS told (
    organization_id, channel_id, application_id, network, account_id, handle, api_base, simulated,
    version
)
ORDER BY organization_id, channel_id, version DESC
ON CONFLICT (organization_id, channel_id) DO UPDATE
SET application_id = excluded.application_id,
    account_id = excluded.account_id,
    handle = excluded.handle,
    api_base = excluded.api_base,
    version = excluded.version
WHERE excluded.version > known.version
RETURNING channel_id
