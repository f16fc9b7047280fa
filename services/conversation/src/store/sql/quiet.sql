-- Pending conversations that have been quiet for the time of each of their channels, some of each
-- of these channels ($1 organization, $2 channel; $3 now; $4 seconds for channels that are not
-- known here; $5 how many of each channel). Quiet: no message, and nothing that a person decided.
-- One that somebody wants to be reminded of is left out.
SELECT c.organization_id, c.conversation_id, due.channel_id, due.quiet_since
FROM (
    SELECT DISTINCT wanted.organization_id, wanted.channel_id, CASE
        WHEN a.channel_id IS NULL THEN $3::timestamptz - make_interval(secs => $4::float8)
        WHEN a.auto_resolve_days = 0 THEN '-infinity'::timestamptz
        ELSE $3::timestamptz - make_interval(days => a.auto_resolve_days)
    END AS quiet_since
    FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, channel_id)
    LEFT JOIN LATERAL (
        SELECT found.channel_id, found.auto_resolve_days FROM channel AS found
        WHERE found.organization_id = wanted.organization_id
            AND found.channel_id = wanted.channel_id
        LIMIT 1
    ) AS a ON true
) AS due
CROSS JOIN LATERAL (
    SELECT found.organization_id, found.conversation_id FROM conversation AS found
    WHERE found.organization_id = due.organization_id AND found.state = 2
        -- The index is walked along it; the newer of both counts.
        AND found.last_activity_at <= due.quiet_since
        AND GREATEST(found.last_activity_at, found.decided_at) <= due.quiet_since
        AND due.channel_id = ANY (found.channel_ids)
        AND found.reminder_due_at IS NULL
        AND NOT EXISTS (
            SELECT FROM channel AS o
            WHERE o.organization_id = due.organization_id
                AND o.channel_id = ANY (found.channel_ids)
                AND (
                    o.auto_resolve_days = 0
                    OR GREATEST(found.last_activity_at, found.decided_at)
                        > $3::timestamptz - make_interval(days => o.auto_resolve_days)
                )
        )
    ORDER BY found.last_activity_at
    LIMIT $5
) AS c
