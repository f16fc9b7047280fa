DELETE FROM notification
WHERE (organization_id, notification_id) IN (
    SELECT organization_id, notification_id FROM notification
    WHERE organization_id = ANY ($1::uuid[]) AND settled_at < $2
    LIMIT 200
)
