SELECT item.organization_id, item.id, item.request_id, item.position
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, id)
JOIN item USING (organization_id, id)
WHERE item.event_id IS NULL
ORDER BY item.request_id, item.position
FOR UPDATE OF item
