SELECT away_state_id, name, position, archived, rev FROM away_state
WHERE organization_id = $1 ORDER BY position, away_state_id
