DELETE FROM authorization_state
WHERE organization_id = $1 AND digest = $2 AND member_id = $3 AND expires_at > $4
