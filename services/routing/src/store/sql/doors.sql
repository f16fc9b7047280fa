-- The restricted channels of organizations ($1), each with its list: of everybody ($3), or of some
-- members ($2).
SELECT c.organization_id, c.channel_id, list.member_ids, list.levels
FROM channel AS c
CROSS JOIN LATERAL (
    SELECT
        COALESCE(array_agg(entry.member_id), '{}') AS member_ids,
        COALESCE(array_agg(entry.level), '{}') AS levels
    FROM unnest(c.member_ids, c.levels) AS entry (member_id, level)
    WHERE $3 OR entry.member_id = ANY ($2::uuid[])
) AS list
WHERE c.organization_id = ANY ($1::uuid[]) AND c.restricted
