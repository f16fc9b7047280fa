INSERT INTO member AS stored (organization_id, member_id, login, name, is_admin, is_active, version,
                              session_epoch)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::bigint[],
    $8::bigint[]
)
ON CONFLICT (organization_id, member_id) DO UPDATE SET
    login = excluded.login, name = excluded.name, is_admin = excluded.is_admin,
    is_active = excluded.is_active, version = excluded.version,
    session_epoch = GREATEST(stored.session_epoch, excluded.session_epoch)
WHERE stored.version <= excluded.version
