-- Versions order what is told of one channel; between two channels of one account, the one that
-- was connected later has it, whatever its version.
INSERT INTO route AS known (
    application_id, account_id, channel_id, organization_id, connected_at, version
)
SELECT DISTINCT ON (application_id, account_id) *
FROM unnest(
    $1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::bigint[]
) AS told (application_id, account_id, channel_id, organization_id, connected_at, version)
ORDER BY application_id, account_id, connected_at DESC, version DESC
ON CONFLICT (application_id, account_id) DO UPDATE
SET channel_id = excluded.channel_id,
    organization_id = excluded.organization_id,
    connected_at = excluded.connected_at,
    version = excluded.version,
    changed_at = clock_timestamp()
WHERE (excluded.channel_id = known.channel_id AND excluded.version > known.version)
    OR (excluded.channel_id <> known.channel_id AND excluded.connected_at > known.connected_at)
