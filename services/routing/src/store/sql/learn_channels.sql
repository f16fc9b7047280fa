-- What directory says of channels ($1 organization, $2 channel, $3 version, $4 restricted, $5 members
-- and $6 levels as literals): the greatest version stands. Where one is restricted afterwards,
-- somebody may have lost access. Gives the organizations of those that were news.
WITH told AS (
    SELECT DISTINCT ON (organization_id, channel_id) *
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::boolean[], $5::text[], $6::text[])
        AS told (organization_id, channel_id, version, restricted, member_ids, levels)
    ORDER BY organization_id, channel_id, version DESC
), learned AS (
    INSERT INTO channel AS known
        (organization_id, channel_id, version, restricted, member_ids, levels)
    SELECT
        organization_id, channel_id, version, restricted, member_ids::uuid[], levels::smallint[]
    FROM told ORDER BY organization_id, channel_id
    ON CONFLICT (organization_id, channel_id) DO UPDATE SET
        version = EXCLUDED.version, restricted = EXCLUDED.restricted,
        member_ids = EXCLUDED.member_ids, levels = EXCLUDED.levels
    WHERE known.version < EXCLUDED.version
    RETURNING known.organization_id, known.restricted
), noted AS (
    INSERT INTO access_changed (organization_id, until)
    SELECT DISTINCT organization_id, now() + interval '10 seconds'
    FROM learned WHERE restricted ORDER BY organization_id
    ON CONFLICT (organization_id) DO UPDATE SET until = EXCLUDED.until
)
SELECT DISTINCT organization_id,
    set_config('idle_in_transaction_session_timeout', '500', true) AS idle
FROM learned
