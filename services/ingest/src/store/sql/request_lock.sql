SELECT id, application_id, network, received_at, body, outcomes::text AS outcomes
FROM webhook_request
WHERE id = ANY ($1::uuid[])
ORDER BY id
FOR UPDATE
