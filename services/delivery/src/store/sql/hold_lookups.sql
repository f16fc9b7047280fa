-- The oldest lookups of an account ($1) that are asked as one of this kind ($4), with the author
-- known by id or not ($5), are not made before $2. Those that somebody has in hand are left out,
-- so that nobody waits here.
WITH held AS (
    SELECT t.organization_id, t.item_id
    FROM lookup_turn AS t
    JOIN lookup AS l ON l.organization_id = t.organization_id AND l.item_id = t.item_id
    WHERE t.network = $3 AND t.channel_id = $1 AND NOT t.ended AND t.due < $2
        AND l.kind = $4 AND (l.author_id = '') = $5
    ORDER BY t.due
    LIMIT 200
    FOR UPDATE OF t SKIP LOCKED
)
UPDATE lookup_turn AS t SET due = $2
FROM held
WHERE t.organization_id = held.organization_id AND t.item_id = held.item_id
