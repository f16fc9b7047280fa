SELECT application_id, account_id, channel_id, organization_id, connected_at, version FROM route
