-- The newest deletion of each message, and whether it failed.
SELECT DISTINCT ON (a.organization_id, a.message_id)
    a.organization_id, a.message_id, a.attempt, a.state = 5 AS failed
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, message_id)
JOIN attempt AS a USING (organization_id, message_id)
WHERE a.action = 2
ORDER BY a.organization_id, a.message_id, a.attempt DESC
