-- The whole list: rows that are not in it are archived. A choice list is its JSON.
WITH given AS (
    SELECT *
    FROM unnest(
        $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::bigint[]
    ) WITH ORDINALITY AS given (attribute_id, key, name, type, choices, shown, version, place)
), archived AS (
    UPDATE contact_attribute AS kept
    SET archived_at = $9
    WHERE kept.organization_id = $1 AND kept.archived_at IS NULL
        AND NOT EXISTS (SELECT FROM given WHERE given.attribute_id = kept.attribute_id)
)
INSERT INTO contact_attribute (
    organization_id, attribute_id, key, name, type, choices, shown, position, version
)
SELECT $1, attribute_id, key, name, type,
       ARRAY(SELECT json_array_elements_text(choices::json)), shown, (place - 1)::integer, version
FROM given
ON CONFLICT (organization_id, attribute_id) DO UPDATE
SET name = excluded.name, choices = excluded.choices, shown = excluded.shown,
    position = excluded.position, version = excluded.version
