-- Nobody can tell who wrote these, and why.
UPDATE nameless AS n
SET reason = told.reason
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS told (organization_id, item_id, reason)
WHERE n.organization_id = told.organization_id
    AND n.item_id = told.item_id
    AND n.named_at IS NULL
