INSERT INTO push_subscription (organization_id, subscription_id, member_id, endpoint, p256dh, auth,
                               created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organization_id, endpoint) DO UPDATE SET
    member_id = excluded.member_id, p256dh = excluded.p256dh, auth = excluded.auth,
    created_at = excluded.created_at
