INSERT INTO away_state (organization_id, away_state_id, name, position, archived)
SELECT $1, $2, $3, COALESCE(max(position), 0) + 1, false FROM away_state
WHERE organization_id = $1
RETURNING away_state_id, name, position, archived
