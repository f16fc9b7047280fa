-- What waits for these accounts to be connected again may be tried at once.
UPDATE turn AS t
SET due = clock_timestamp()
FROM attempt AS a
WHERE a.organization_id = t.organization_id
    AND a.message_id = t.message_id
    AND a.action = t.action
    AND a.attempt = t.attempt
    AND a.state = 2
    AND a.wait_reason = $3
    AND (a.organization_id, a.channel_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
    AND NOT t.leased
    AND t.due > statement_timestamp()
