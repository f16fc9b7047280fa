-- Identities with their contacts, the conversations that decisions look at, what is unseen in
-- these or was made seen by the last decision, and, with resolved ones, how long which channels
-- open them again ($1 organization, $2 network, $3 scope, $4 network user id; $5 further
-- conversations).
-- The conversations: of those that are no signposts the first and the newest two, the newest of all.
-- Each lookup is a lateral query for one row of a unique key: the plan is the same nested loop of
-- index scans whatever the tables' size was when it was made.
WITH wanted AS (
    SELECT DISTINCT organization_id, network, scope, network_user_id
    FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[])
        AS wanted (organization_id, network, scope, network_user_id)
)
SELECT
    i.organization_id, i.network, i.scope, i.network_user_id, i.identity_id, i.contact_id,
    p.display_name, p.handle, p.avatar_url, p.profile_as_of,
    v.conversation_id, v.ordinal, v.rev, v.state, v.dormant, v.absorbed_into, v.previous_id,
    v.opened_at, v.resolved_at, v.last_resolved_at, v.seen_through, v.last_sequence,
    v.history_sequence, v.message_count, v.newest_echo_at, v.last_message_id, v.last_activity_at,
    v.last_external_id, v.last_kind, v.last_direction, v.channel_ids,
    v.decision, v.decided_by, v.decided_by_reply, v.decided_at, v.replied_by, v.replied_sequence,
    v.raised_since, v.raised_at, v.undo_seen_before, v.undo_replies, v.undo_raised_since,
    v.undo_raised_at, v.owner_member_id, v.owner_epoch, v.lock_member_id, v.lock_session,
    v.lock_fence, v.lock_expires_at, v.reminder_due_at, v.reminder_member_id, v.reminder_note,
    u.times AS unseen_times, u.sequences AS unseen_sequences, u.kinds AS unseen_kinds,
    o.channel_ids AS reopening_channel_ids, o.hours AS reopening_hours
FROM wanted AS w
CROSS JOIN LATERAL (
    SELECT found.* FROM contact_identity AS found
    WHERE found.organization_id = w.organization_id AND found.network = w.network
        AND found.scope = w.scope AND found.network_user_id = w.network_user_id
    LIMIT 1
) AS i
CROSS JOIN LATERAL (
    SELECT found.* FROM contact AS found
    WHERE found.organization_id = i.organization_id AND found.contact_id = i.contact_id
    LIMIT 1
) AS p
LEFT JOIN LATERAL (
    (
        SELECT c.* FROM conversation AS c
        WHERE c.organization_id = i.organization_id AND c.identity_id = i.identity_id
            AND c.absorbed_into IS NULL
        ORDER BY c.ordinal LIMIT 1
    ) UNION (
        SELECT c.* FROM conversation AS c
        WHERE c.organization_id = i.organization_id AND c.identity_id = i.identity_id
        ORDER BY c.ordinal DESC LIMIT 1
    ) UNION (
        SELECT c.* FROM conversation AS c
        WHERE c.organization_id = i.organization_id AND c.identity_id = i.identity_id
            AND c.absorbed_into IS NULL
        ORDER BY c.ordinal DESC LIMIT 2
    ) UNION (
        SELECT c.* FROM conversation AS c
        WHERE c.organization_id = i.organization_id AND c.conversation_id = ANY ($5::uuid[])
            AND c.identity_id = i.identity_id
    )
) AS v ON true
LEFT JOIN LATERAL (
    SELECT
        array_agg(m.network_time ORDER BY m.sequence) AS times,
        array_agg(m.sequence ORDER BY m.sequence) AS sequences,
        array_agg(m.kind ORDER BY m.sequence) AS kinds
    FROM message AS m
    WHERE (v.waiting_since IS NOT NULL OR v.undo_seen_before < v.seen_through)
        AND m.organization_id = i.organization_id AND m.conversation_id = v.conversation_id
        AND m.sequence > COALESCE(v.undo_seen_before, v.seen_through)
        AND (m.sequence <= v.seen_through OR m.network_time >= v.waiting_since)
        AND m.direction = 1 AND NOT m.history
) AS u ON true
LEFT JOIN LATERAL (
    SELECT
        array_agg(a.channel_id ORDER BY a.channel_id) AS channel_ids,
        array_agg(a.reopen_window_hours ORDER BY a.channel_id) AS hours
    FROM channel AS a
    WHERE v.resolved_at IS NOT NULL
        AND a.organization_id = i.organization_id AND a.reopen_window_hours IS NOT NULL
) AS o ON true
