SELECT
    id, kind, organization_id, aggregate_id, version, due,
    extract(epoch FROM due - clock_timestamp())::double precision AS due_in
FROM timer
ORDER BY due, id
LIMIT $1
