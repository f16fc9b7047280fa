UPDATE bitly SET trouble = $3, checked_at = $4
WHERE organization_id = $1 AND version = $2 AND checked_at < $4
