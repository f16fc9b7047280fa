SELECT conversation_id, notification_id, notified_id, kind, notified_at, badge_only,
       notification_rev
FROM conversation
WHERE organization_id = $1 AND notified_id = $2
ORDER BY notified_at DESC, conversation_id
LIMIT $3
