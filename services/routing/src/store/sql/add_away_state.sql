INSERT INTO away_state (organization_id, away_state_id, name, position, archived, rev)
SELECT $1, $2, $3, COALESCE(max(position), 0) + 1, false, COALESCE(max(rev), 0) + 1 FROM away_state
WHERE organization_id = $1
RETURNING away_state_id, name, position, archived, rev
