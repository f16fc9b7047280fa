-- Attempts by key, locked in the order of their keys.
SELECT a.*, t.due
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::integer[])
    AS wanted (organization_id, message_id, action, attempt)
JOIN attempt AS a USING (organization_id, message_id, action, attempt)
LEFT JOIN turn AS t USING (organization_id, message_id, action, attempt)
ORDER BY a.organization_id, a.message_id, a.action, a.attempt
FOR UPDATE OF a
