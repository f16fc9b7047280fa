SELECT notification_id, member_id, kind, conversation_id, channel_id, told.at, badge_only, count, rev,
       raised_rev, pushed, settled_at, told.reason, became.means, became.outcomes, became.reasons, became.times
FROM (
    SELECT * FROM notification
    WHERE organization_id = $1 AND member_id = $2
      AND ($3::timestamptz IS NULL OR (at, notification_id) < ($3::timestamptz, $4::uuid))
    ORDER BY at DESC, notification_id DESC
    LIMIT $5
) AS told
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(outcome.means ORDER BY outcome.means), '{}') AS means,
           coalesce(array_agg(outcome.outcome ORDER BY outcome.means), '{}') AS outcomes,
           coalesce(array_agg(outcome.reason ORDER BY outcome.means), '{}') AS reasons,
           coalesce(array_agg(outcome.at ORDER BY outcome.means), '{}') AS times
    FROM outcome
    WHERE outcome.organization_id = $1 AND outcome.notification_id = told.notification_id
) AS became
ORDER BY told.at DESC, notification_id DESC
