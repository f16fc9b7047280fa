-- Carries on, by these events, the items with these keys that wait for their author; locked in the
-- order of their keys, so that two batches never wait for each other in a circle.
WITH waiting AS (
    SELECT later.*
    FROM (
        SELECT *
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[])
            AS later (organization_id, channel_id, external_id, aspect, version, event_id)
        ORDER BY organization_id, channel_id, external_id, aspect, version
    ) AS later
    CROSS JOIN LATERAL (
        SELECT 1 FROM item AS found
        WHERE found.organization_id = later.organization_id
            AND found.channel_id = later.channel_id
            AND found.external_id = later.external_id
            AND found.aspect = later.aspect
            AND found.version = later.version
            AND found.event_id IS NULL
        FOR UPDATE
    ) AS stands
)
UPDATE item
SET event_id = waiting.event_id
FROM waiting
WHERE item.organization_id = waiting.organization_id
    AND item.channel_id = waiting.channel_id
    AND item.external_id = waiting.external_id
    AND item.aspect = waiting.aspect
    AND item.version = waiting.version
    AND item.event_id IS NULL
RETURNING item.id, item.request_id, item.event_id
