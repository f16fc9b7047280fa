-- The items with these keys that were handed on without their author's name, which a later item
-- gives: $6 says which event carries that one, $7 whom it names, $8 whether by name. Locked in the
-- order of their ids.
WITH later AS (
    SELECT found.id AS item_id, later.*
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[],
        $8::boolean[]
    ) AS later (
        organization_id, channel_id, external_id, aspect, version, event_id, author_id, named
    )
    CROSS JOIN LATERAL (
        SELECT item.id FROM item
        WHERE item.organization_id = later.organization_id
            AND item.channel_id = later.channel_id
            AND item.external_id = later.external_id
            AND item.aspect = later.aspect
            AND item.version = later.version
            AND item.event_id IS NOT NULL
    ) AS found
), stands AS (
    SELECT DISTINCT ON (later.organization_id, later.item_id) later.*
    FROM later
    ORDER BY later.organization_id, later.item_id, later.named DESC
), locked AS (
    SELECT stands.*
    FROM (SELECT * FROM stands ORDER BY item_id) AS stands
    CROSS JOIN LATERAL (
        SELECT 1 FROM nameless AS n
        WHERE n.organization_id = stands.organization_id
            AND n.item_id = stands.item_id
            AND n.named_at IS NULL
            AND (stands.named OR n.author_id = '')
        FOR UPDATE
    ) AS open
)
UPDATE nameless AS n
SET author_id = locked.author_id,
    named_at = CASE WHEN locked.named THEN clock_timestamp() END
FROM locked
WHERE n.organization_id = locked.organization_id
    AND n.item_id = locked.item_id
    AND n.named_at IS NULL
RETURNING n.item_id, locked.event_id
