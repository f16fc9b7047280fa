-- These were handed on with their author: by name ($4), or by id ($3) alone.
UPDATE nameless AS n
SET author_id = told.author_id,
    named_at = CASE WHEN told.named THEN clock_timestamp() END
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[])
    AS told (organization_id, item_id, author_id, named)
WHERE n.organization_id = told.organization_id
    AND n.item_id = told.item_id
    AND n.named_at IS NULL
