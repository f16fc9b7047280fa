-- One lookup waits until $3, by reason $4; $5 tells how often it was put off by the network.
WITH later AS (
    UPDATE lookup_turn SET due = $3
    WHERE organization_id = $1 AND item_id = $2 AND NOT ended
    RETURNING 1
)
UPDATE lookup SET reason = $4, tries = $5
WHERE organization_id = $1 AND item_id = $2 AND ended_at IS NULL AND EXISTS (SELECT FROM later)
