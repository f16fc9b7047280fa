-- The accounts of an organization ($1).
SELECT channel_id, network, account_id, tier, scopes
FROM channel
WHERE organization_id = $1
ORDER BY network, channel_id
