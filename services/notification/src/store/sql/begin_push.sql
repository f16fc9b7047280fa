UPDATE notification SET pushed = true
WHERE organization_id = $1 AND notification_id = $2 AND NOT pushed
