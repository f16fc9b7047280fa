UPDATE item
SET event_id = later.event_id
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[])
    AS later (organization_id, channel_id, external_id, aspect, version, event_id)
WHERE item.organization_id = later.organization_id
    AND item.channel_id = later.channel_id
    AND item.external_id = later.external_id
    AND item.aspect = later.aspect
    AND item.version = later.version
    AND item.event_id IS NULL
RETURNING item.id, item.request_id, item.event_id
