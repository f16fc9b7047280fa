INSERT INTO nameless (organization_id, item_id, request_id, position, author_id, asked_at)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::timestamptz[])
ON CONFLICT DO NOTHING
