-- What is known of conversations. Each lookup stands for itself: the plan is the same nested loop
-- of index scans whatever the table's size was when it was made.
SELECT known.*
FROM unnest($1::uuid[], $2::uuid[]) AS about (organization_id, conversation_id)
CROSS JOIN LATERAL (
    SELECT found.organization_id, found.conversation_id, found.owner_id, found.owner_epoch,
        found.rev, found.waits, found.notification_id, found.notified_id, found.kind,
        found.notified_at, found.badge_only, found.notification_rev
    FROM conversation AS found
    WHERE found.organization_id = about.organization_id
        AND found.conversation_id = about.conversation_id
    LIMIT 1
) AS known
