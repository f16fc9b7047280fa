-- Accounts as directory tells of them ($1 organization, $2 channel, $3 network, $4 account,
-- $5 tier, $6 scopes as literals, $7 restricted, $8 access as literals, $9 days until conversations
-- are resolved, $10 hours in which they are opened again, $11 version): the greatest version stands.
INSERT INTO channel AS known
    (organization_id, channel_id, network, account_id, tier, scopes, restricted, access,
     auto_resolve_days, reopen_window_hours, version)
SELECT DISTINCT ON (organization_id, channel_id)
    organization_id, channel_id, network, account_id, tier,
    ARRAY (SELECT jsonb_array_elements_text(scopes::jsonb)), restricted, access::jsonb,
    auto_resolve_days, reopen_window_hours, version
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::text[],
    $7::boolean[], $8::text[], $9::integer[], $10::integer[], $11::bigint[])
    AS told (organization_id, channel_id, network, account_id, tier, scopes, restricted, access,
        auto_resolve_days, reopen_window_hours, version)
ORDER BY organization_id, channel_id, version DESC
ON CONFLICT (organization_id, channel_id) DO UPDATE SET
    account_id = EXCLUDED.account_id, tier = EXCLUDED.tier, scopes = EXCLUDED.scopes,
    restricted = EXCLUDED.restricted, access = EXCLUDED.access,
    auto_resolve_days = EXCLUDED.auto_resolve_days,
    reopen_window_hours = EXCLUDED.reopen_window_hours, version = EXCLUDED.version
WHERE known.version < EXCLUDED.version
