UPDATE webhook_request
SET outcomes = settled.outcomes::jsonb
FROM unnest($1::uuid[], $2::text[]) AS settled (id, outcomes)
WHERE webhook_request.id = settled.id
