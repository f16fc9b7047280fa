UPDATE item
SET event_id = decided.event_id
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS decided (organization_id, id, event_id)
WHERE item.organization_id = decided.organization_id
    AND item.id = decided.id
    AND item.event_id IS NULL
