SELECT coalesce(setting.provider, 1::smallint) AS provider,
       coalesce(setting.group_guid, '') AS group_guid, coalesce(setting.domain, '') AS domain,
       coalesce(setting.rev, 0) AS rev,
       bitly.login, bitly.groups, bitly.version, bitly.checked_at, bitly.trouble
FROM (SELECT $1::uuid AS organization_id) AS asked
LEFT JOIN setting ON setting.organization_id = $1
LEFT JOIN bitly ON bitly.organization_id = $1
