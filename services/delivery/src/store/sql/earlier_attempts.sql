-- The earlier tries of the same messages, locked: whoever is writing down how one ended is waited
-- for.
SELECT a.*, NULL::timestamptz AS due
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::integer[])
    AS wanted (organization_id, message_id, action, attempt)
JOIN attempt AS a ON a.organization_id = wanted.organization_id
    AND a.message_id = wanted.message_id
    AND a.action = wanted.action
    AND a.attempt < wanted.attempt
ORDER BY a.organization_id, a.message_id, a.action, a.attempt
FOR UPDATE OF a
