INSERT INTO setting AS stored (organization_id, provider, group_guid, domain, rev)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organization_id) DO UPDATE SET
    provider = excluded.provider, group_guid = excluded.group_guid, domain = excluded.domain,
    rev = excluded.rev
WHERE stored.rev = excluded.rev - 1
