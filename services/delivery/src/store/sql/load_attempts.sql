-- Attempts by key, locked in the order of their keys. Each lookup is a lateral query for one row of
-- a unique key: the plan is the same nested loop of index scans whatever the table's size was when
-- it was made.
SELECT a.*, t.due
FROM (
    SELECT organization_id, message_id, action, attempt
    FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::integer[])
        AS wanted (organization_id, message_id, action, attempt)
    ORDER BY organization_id, message_id, action, attempt
) AS wanted
CROSS JOIN LATERAL (
    SELECT found.* FROM attempt AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.message_id = wanted.message_id
        AND found.action = wanted.action
        AND found.attempt = wanted.attempt
    LIMIT 1
    FOR UPDATE
) AS a
LEFT JOIN LATERAL (
    SELECT found.due FROM turn AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.message_id = wanted.message_id
        AND found.action = wanted.action
        AND found.attempt = wanted.attempt
    LIMIT 1
) AS t ON true
