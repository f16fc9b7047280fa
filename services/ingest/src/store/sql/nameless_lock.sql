-- Those of these items that nobody has named yet, locked in the order of their ids.
SELECT found.organization_id, found.item_id, found.request_id, found.position, found.author_id
FROM (
    SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS asked (organization_id, item_id)
    ORDER BY item_id
) AS asked
CROSS JOIN LATERAL (
    SELECT * FROM nameless AS stands
    WHERE stands.organization_id = asked.organization_id
        AND stands.item_id = asked.item_id
        AND stands.named_at IS NULL
    FOR UPDATE
) AS found
