DELETE FROM push_subscription
WHERE organization_id = $1 AND member_id = $2 AND session = $3
