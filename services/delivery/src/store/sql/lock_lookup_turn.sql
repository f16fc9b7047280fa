-- The turn of one lookup, locked.
SELECT item_id FROM lookup_turn
WHERE organization_id = $1 AND item_id = $2
FOR UPDATE
