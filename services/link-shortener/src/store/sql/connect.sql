INSERT INTO bitly (organization_id, login, groups, version, checked_at, trouble)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id) DO UPDATE SET
    login = excluded.login, groups = excluded.groups, version = excluded.version,
    checked_at = excluded.checked_at, trouble = excluded.trouble
