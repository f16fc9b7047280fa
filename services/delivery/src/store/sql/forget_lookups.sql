-- Forgets these, each found by its key.
DELETE FROM lookup
WHERE ctid = ANY (ARRAY(
    SELECT found.place
    FROM unnest($1::uuid[], $2::uuid[]) AS old (organization_id, item_id)
    CROSS JOIN LATERAL (
        SELECT l.ctid AS place FROM lookup AS l
        WHERE l.organization_id = old.organization_id AND l.item_id = old.item_id
        FOR UPDATE
    ) AS found
))
