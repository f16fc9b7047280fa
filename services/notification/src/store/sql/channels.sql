SELECT organization_id, channel_id, unhealthy, checked_at, version FROM channel
JOIN unnest($1::uuid[], $2::uuid[]) AS about (organization_id, channel_id)
    USING (organization_id, channel_id)
