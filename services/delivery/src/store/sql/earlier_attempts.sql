-- The earlier tries of the same messages, locked: whoever is writing down how one ended is waited
-- for.
SELECT a.*, NULL::timestamptz AS due
FROM (
    SELECT DISTINCT ON (organization_id, message_id, action)
        organization_id, message_id, action, attempt
    FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::integer[])
        AS wanted (organization_id, message_id, action, attempt)
    ORDER BY organization_id, message_id, action, attempt DESC
) AS wanted
CROSS JOIN LATERAL (
    SELECT found.* FROM attempt AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.message_id = wanted.message_id
        AND found.action = wanted.action
        AND found.attempt < wanted.attempt
    ORDER BY found.attempt
    FOR UPDATE
) AS a
