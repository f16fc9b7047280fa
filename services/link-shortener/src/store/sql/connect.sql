INSERT INTO bitly (organization_id, login, groups, version, checked_at, trouble)
VALUES ($1, $2, $3, $4, $5, $6)
-- Of two who connect at once, directory keeps the token that it sealed last, and this the account
-- that the token is of.
ON CONFLICT (organization_id) DO UPDATE SET
    login = excluded.login, groups = excluded.groups, version = excluded.version,
    checked_at = excluded.checked_at, trouble = excluded.trouble
WHERE bitly.version < excluded.version
