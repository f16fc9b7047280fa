-- Members as directory tells of them ($1 organization, $2 member, $3 roles, $4 when that was so,
-- $5 version): the greatest version stands, and of the same one the latest word.
INSERT INTO member AS known (organization_id, member_id, roles, as_of, version)
SELECT DISTINCT ON (organization_id, member_id) organization_id, member_id, roles, as_of, version
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::timestamptz[], $5::bigint[])
    AS told (organization_id, member_id, roles, as_of, version)
ORDER BY organization_id, member_id, version DESC, as_of DESC
ON CONFLICT (organization_id, member_id) DO UPDATE SET
    roles = EXCLUDED.roles, as_of = EXCLUDED.as_of, version = EXCLUDED.version
WHERE (known.version, known.as_of) < (EXCLUDED.version, EXCLUDED.as_of)
