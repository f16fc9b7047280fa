-- Forgets texts that no late echo will be recognised by any more.
UPDATE attempt AS a
SET text = ''
FROM unnest($1::uuid[], $2::uuid[]) AS old (organization_id, message_id)
WHERE a.organization_id = old.organization_id
    AND a.message_id = old.message_id
    AND a.action = 1
    AND a.state IN (4, 5, 6)
    AND a.text <> ''
    AND a.first_byte_at < $3
