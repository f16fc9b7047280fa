-- The newest deletion of each message, and whether it failed.
SELECT a.*
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, message_id)
CROSS JOIN LATERAL (
    SELECT found.organization_id, found.message_id, found.attempt, found.state = 5 AS failed
    FROM attempt AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.message_id = wanted.message_id
        AND found.action = 2
    ORDER BY found.attempt DESC
    LIMIT 1
) AS a
