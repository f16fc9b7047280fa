SELECT number, at, member_id, service, act, subject, detail::text AS detail, hash
FROM audit
WHERE organization_id = $1 AND ($2 = 0 OR number < $2)
ORDER BY number DESC
LIMIT $3
