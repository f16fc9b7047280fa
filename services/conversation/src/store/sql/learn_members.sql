-- Members as directory tells of them ($1 organization, $2 member, $3 roles, $4 when that was so):
-- the latest word stands.
INSERT INTO member AS known (organization_id, member_id, roles, as_of)
SELECT DISTINCT ON (organization_id, member_id) organization_id, member_id, roles, as_of
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::timestamptz[])
    AS told (organization_id, member_id, roles, as_of)
ORDER BY organization_id, member_id, as_of DESC
ON CONFLICT (organization_id, member_id) DO UPDATE SET
    roles = EXCLUDED.roles, as_of = EXCLUDED.as_of
WHERE known.as_of < EXCLUDED.as_of
