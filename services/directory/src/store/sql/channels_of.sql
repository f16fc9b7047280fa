SELECT organization_id, channel_id, application_id, network, account_id, handle, display_name,
       simulated, access_token, connected_at, version, tier, scopes,
       api_base, restricted, auto_resolve_days, reopen_window_hours,
       health, health_checked_at
FROM channel
WHERE organization_id = ANY ($1::uuid[])
ORDER BY organization_id, connected_at, channel_id
