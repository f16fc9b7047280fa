-- Waits for whoever is writing down how an attempt of these accounts ended.
SELECT 1
FROM attempt AS a
WHERE (a.organization_id, a.message_id, a.action, a.attempt) IN (
    SELECT o.organization_id, o.message_id, o.action, o.attempt
    FROM unnest($1::uuid[], $2::uuid[]) AS place (organization_id, channel_id)
    JOIN attempt AS o USING (organization_id, channel_id)
    WHERE o.state IN (3, 6) AND o.first_byte_at >= $3
)
ORDER BY a.organization_id, a.message_id, a.action, a.attempt
FOR UPDATE OF a
