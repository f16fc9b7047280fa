SELECT organization_id, conversation_id, owner_id, owner_epoch, rev, waits, notification_id,
       notified_id, kind, notified_at, badge_only, notification_rev
FROM conversation
JOIN unnest($1::uuid[], $2::uuid[]) AS about (organization_id, conversation_id)
    USING (organization_id, conversation_id)
