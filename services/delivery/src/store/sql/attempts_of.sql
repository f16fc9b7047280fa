SELECT a.*, t.due
FROM attempt AS a
LEFT JOIN turn AS t USING (organization_id, message_id, action, attempt)
WHERE a.organization_id = $1 AND a.message_id = $2 AND a.action = 1
ORDER BY a.attempt
LIMIT 1000
