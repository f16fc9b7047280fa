SELECT
    c.organization_id, c.channel_id, c.application_id, c.network, c.account_id, c.handle,
    c.api_base, c.simulated, c.version, coalesce(p.version, 0) AS application_version,
    coalesce(p.permalink_base, '') AS permalink_base
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, channel_id)
JOIN channel AS c USING (organization_id, channel_id)
LEFT JOIN application AS p USING (application_id)
