SELECT endpoint, p256dh, auth FROM push_subscription
WHERE organization_id = $1 AND member_id = $2
ORDER BY created_at, subscription_id
