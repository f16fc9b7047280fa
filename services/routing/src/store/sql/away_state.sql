SELECT away_state_id, name, position, archived, rev FROM away_state
WHERE organization_id = $1 AND away_state_id = $2
