INSERT INTO push_subscription (organization_id, subscription_id, member_id, endpoint, p256dh, auth,
                               created_at, session, session_epoch)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
-- A session that ended meanwhile asks for nothing any more.
WHERE NOT EXISTS (
    SELECT FROM member
    WHERE organization_id = $1 AND member_id = $3 AND session_epoch > $9
)
ON CONFLICT (organization_id, endpoint) DO UPDATE SET
    member_id = excluded.member_id, p256dh = excluded.p256dh, auth = excluded.auth,
    created_at = excluded.created_at, session = excluded.session,
    session_epoch = excluded.session_epoch
