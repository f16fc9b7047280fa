SELECT conversation_id FROM notification
WHERE organization_id = $1 AND member_id = $2 AND settled_at IS NULL AND conversation_id IS NOT NULL
ORDER BY at DESC, notification_id DESC
LIMIT 1000
