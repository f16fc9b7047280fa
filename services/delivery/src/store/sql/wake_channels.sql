-- What waits for these accounts ($1 organizations, $2 accounts) to be connected again ($3) may be
-- tried at once. Found by what is to be tried, of which there is little, not among all attempts.
UPDATE turn AS t
SET due = clock_timestamp()
FROM unnest($1::uuid[], $2::uuid[]) AS woken (organization_id, channel_id)
WHERE t.organization_id = woken.organization_id
    AND t.channel_id = woken.channel_id
    AND NOT t.leased
    AND t.due > statement_timestamp()
    AND EXISTS (
        SELECT FROM attempt AS a
        WHERE a.organization_id = t.organization_id
            AND a.message_id = t.message_id
            AND a.action = t.action
            AND a.attempt = t.attempt
            AND a.state = 2
            AND a.wait_reason = $3
        OFFSET 0
    )
