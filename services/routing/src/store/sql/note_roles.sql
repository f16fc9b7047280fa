-- Where a member's roles are about to change, access may be lost with them.
INSERT INTO access_changed (organization_id, until)
SELECT DISTINCT told.organization_id, now() + interval '10 seconds'
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[]) AS told (organization_id, member_id, roles)
CROSS JOIN LATERAL (
    SELECT m.roles FROM member AS m
    WHERE m.organization_id = told.organization_id AND m.member_id = told.member_id
    LIMIT 1
) AS known
WHERE known.roles <> told.roles
ORDER BY told.organization_id
ON CONFLICT (organization_id) DO UPDATE SET until = EXCLUDED.until
