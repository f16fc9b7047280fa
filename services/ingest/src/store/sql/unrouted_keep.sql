INSERT INTO unrouted (item_id, application_id, account_id, request_id, position, kept_at)
SELECT *
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::integer[], $6::timestamptz[]
)
