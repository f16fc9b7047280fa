WITH told AS (
    UPDATE notification SET settled_at = $6, reason = $5, rev = rev + 1
    WHERE organization_id = $1 AND settled_at IS NULL AND conversation_id IS NULL
      AND ($2::uuid IS NULL OR channel_id = $2::uuid)
      AND ($3::uuid IS NULL OR member_id = $3::uuid)
      AND ($4::uuid IS NULL OR notification_id = $4::uuid)
    RETURNING *
)
SELECT notification_id, member_id, kind, conversation_id, channel_id, told.at, badge_only, count, rev,
       raised_rev, pushed, settled_at, told.reason, became.means, became.outcomes, became.reasons, became.times
FROM told
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(outcome.means ORDER BY outcome.means), '{}') AS means,
           coalesce(array_agg(outcome.outcome ORDER BY outcome.means), '{}') AS outcomes,
           coalesce(array_agg(outcome.reason ORDER BY outcome.means), '{}') AS reasons,
           coalesce(array_agg(outcome.at ORDER BY outcome.means), '{}') AS times
    FROM outcome
    WHERE outcome.organization_id = $1 AND outcome.notification_id = told.notification_id
) AS became
