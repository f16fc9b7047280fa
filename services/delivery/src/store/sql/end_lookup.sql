-- A lookup ends for $3; it is forgotten at $4. Gives a row unless it had ended.
WITH ended AS (
    UPDATE lookup SET reason = $3, ended_at = clock_timestamp(), trace = NULL
    WHERE organization_id = $1 AND item_id = $2 AND ended_at IS NULL
    RETURNING organization_id, item_id
)
UPDATE lookup_turn AS t SET ended = true, due = $4
FROM ended
WHERE t.organization_id = ended.organization_id AND t.item_id = ended.item_id
RETURNING t.item_id
