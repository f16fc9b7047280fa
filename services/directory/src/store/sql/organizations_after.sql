-- Organizations with members, in the order of their ids; needs no organization.
SELECT DISTINCT organization_id
FROM member_login
WHERE organization_id > $1
ORDER BY organization_id
LIMIT $2
