DELETE FROM push_subscription
WHERE organization_id = $1 AND subscription_id IN (
    SELECT subscription_id FROM push_subscription
    WHERE organization_id = $1 AND member_id = $2
    ORDER BY created_at DESC, subscription_id OFFSET $3
)
