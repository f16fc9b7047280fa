-- Everything that one transaction saves, in one statement: contacts, identities, history, count
-- deltas, conversations; messages, their earlier versions, those that move with their
-- conversation; receipts, and what they newly cover. Each row is written by one part only.
-- A conversation is written only over the rev that was loaded; every row of the answer says how
-- many were, and names one message that a receipt marked, with how its conversation stood before.
WITH people AS (
    SELECT *
    FROM unnest(
        $1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::boolean[],
        $8::text[], $9::text[], $10::text[], $11::timestamptz[]
    ) AS people (
        organization_id, network, scope, network_user_id, identity_id, contact_id, is_new,
        display_name, handle, avatar_url, profile_as_of
    )
), contacts AS (
    INSERT INTO contact AS known
        (organization_id, contact_id, display_name, handle, avatar_url, profile_as_of)
    SELECT organization_id, contact_id, display_name, handle, avatar_url, profile_as_of
    FROM people
    ON CONFLICT (organization_id, contact_id) DO UPDATE SET
        display_name = EXCLUDED.display_name, handle = EXCLUDED.handle,
        avatar_url = EXCLUDED.avatar_url, profile_as_of = EXCLUDED.profile_as_of
), identities AS (
    INSERT INTO contact_identity
        (organization_id, network, scope, network_user_id, identity_id, contact_id)
    SELECT organization_id, network, scope, network_user_id, identity_id, contact_id
    FROM people WHERE is_new
), entries AS (
    INSERT INTO conversation_history
        (organization_id, conversation_id, sequence, at, kind, message_id, state_after, reason,
         detail)
    SELECT organization_id, conversation_id, sequence, at, kind, message_id, state_after, reason,
        detail::jsonb
    FROM unnest(
        $12::uuid[], $13::uuid[], $14::bigint[], $15::timestamptz[], $16::text[], $17::uuid[],
        $18::smallint[], $19::text[], $20::text[]
    ) AS entry (
        organization_id, conversation_id, sequence, at, kind, message_id, state_after, reason,
        detail
    )
), deltas AS (
    INSERT INTO count_delta (organization_id, state, resolved_on, amount, channel_ids)
    SELECT organization_id, state, resolved_on, amount, channel_ids::uuid[]
    FROM unnest($21::uuid[], $22::smallint[], $23::text[]::date[], $24::bigint[], $121::text[])
        AS delta (organization_id, state, resolved_on, amount, channel_ids)
), written AS (
    INSERT INTO conversation AS known (
        organization_id, conversation_id, identity_id, contact_id, network, ordinal, rev, state,
        dormant, absorbed_into, previous_id, opened_at, resolved_at, last_resolved_at,
        seen_through, last_sequence, history_sequence, message_count, unseen_count,
        waiting_since, newest_echo_at, last_message_id, last_activity_at, last_external_id,
        last_kind, last_direction, channel_ids,
        decision, decided_by, decided_by_reply, replied_by, replied_sequence, raised_since,
        raised_at, undo_seen_before, undo_replies, undo_raised_since, undo_raised_at,
        reminder_due_at, reminder_member_id, reminder_note, decided_at
    )
    SELECT
        organization_id, conversation_id, identity_id, contact_id, network, ordinal, rev, state,
        dormant, absorbed_into, previous_id, opened_at, resolved_at, last_resolved_at,
        seen_through, last_sequence, history_sequence, message_count, unseen_count,
        waiting_since, newest_echo_at, last_message_id, last_activity_at, last_external_id,
        last_kind, last_direction, channel_ids::uuid[],
        decision, decided_by, decided_by_reply, replied_by, replied_sequence, raised_since,
        raised_at, undo_seen_before, undo_replies::uuid[], undo_raised_since, undo_raised_at,
        reminder_due_at, reminder_member_id, reminder_note, decided_at
    FROM unnest(
        $25::uuid[], $26::uuid[], $27::uuid[], $28::uuid[], $29::smallint[], $30::integer[],
        $31::bigint[], $32::smallint[], $33::boolean[], $34::uuid[], $35::uuid[],
        $36::timestamptz[], $37::timestamptz[], $38::timestamptz[], $39::bigint[],
        $40::bigint[], $41::bigint[], $42::bigint[], $43::integer[], $44::timestamptz[],
        $45::timestamptz[], $46::uuid[], $47::timestamptz[], $48::text[], $49::smallint[],
        $50::smallint[], $51::text[],
        $52::bigint[], $53::uuid[], $54::boolean[], $55::uuid[], $56::bigint[],
        $57::timestamptz[], $58::timestamptz[], $59::bigint[], $60::text[], $61::timestamptz[],
        $62::timestamptz[], $122::timestamptz[], $123::uuid[], $124::text[], $143::timestamptz[]
    ) WITH ORDINALITY AS row (
        organization_id, conversation_id, identity_id, contact_id, network, ordinal, rev, state,
        dormant, absorbed_into, previous_id, opened_at, resolved_at, last_resolved_at,
        seen_through, last_sequence, history_sequence, message_count, unseen_count,
        waiting_since, newest_echo_at, last_message_id, last_activity_at, last_external_id,
        last_kind, last_direction, channel_ids,
        decision, decided_by, decided_by_reply, replied_by, replied_sequence, raised_since,
        raised_at, undo_seen_before, undo_replies, undo_raised_since, undo_raised_at,
        reminder_due_at, reminder_member_id, reminder_note, decided_at, place
    )
    -- Those that stop being open come first, then those that leave their identity: unique indexes
    -- are checked row by row.
    ORDER BY place
    ON CONFLICT (organization_id, conversation_id) DO UPDATE SET
        -- These change only where its author becomes known.
        identity_id = EXCLUDED.identity_id, contact_id = EXCLUDED.contact_id,
        ordinal = EXCLUDED.ordinal, previous_id = EXCLUDED.previous_id,
        rev = EXCLUDED.rev, state = EXCLUDED.state, dormant = EXCLUDED.dormant,
        absorbed_into = EXCLUDED.absorbed_into, resolved_at = EXCLUDED.resolved_at,
        last_resolved_at = EXCLUDED.last_resolved_at, seen_through = EXCLUDED.seen_through,
        last_sequence = EXCLUDED.last_sequence, history_sequence = EXCLUDED.history_sequence,
        message_count = EXCLUDED.message_count, unseen_count = EXCLUDED.unseen_count,
        waiting_since = EXCLUDED.waiting_since, newest_echo_at = EXCLUDED.newest_echo_at,
        last_message_id = EXCLUDED.last_message_id,
        last_activity_at = EXCLUDED.last_activity_at,
        last_external_id = EXCLUDED.last_external_id, last_kind = EXCLUDED.last_kind,
        last_direction = EXCLUDED.last_direction, channel_ids = EXCLUDED.channel_ids,
        decision = EXCLUDED.decision, decided_by = EXCLUDED.decided_by,
        decided_by_reply = EXCLUDED.decided_by_reply, replied_by = EXCLUDED.replied_by,
        replied_sequence = EXCLUDED.replied_sequence, raised_since = EXCLUDED.raised_since,
        raised_at = EXCLUDED.raised_at, undo_seen_before = EXCLUDED.undo_seen_before,
        undo_replies = EXCLUDED.undo_replies, undo_raised_since = EXCLUDED.undo_raised_since,
        undo_raised_at = EXCLUDED.undo_raised_at,
        reminder_due_at = EXCLUDED.reminder_due_at,
        reminder_member_id = EXCLUDED.reminder_member_id, reminder_note = EXCLUDED.reminder_note,
        decided_at = EXCLUDED.decided_at
    WHERE known.rev = EXCLUDED.rev - 1
    RETURNING 1
), marks AS (
    SELECT *
    FROM unnest($114::uuid[], $115::smallint[], $116::text[], $117::text[], $118::uuid[],
        $119::timestamptz[], $120::timestamptz[])
        AS mark (organization_id, network, scope, network_user_id, channel_id, delivered_up_to,
            read_up_to)
), recipients AS MATERIALIZED (
    SELECT marks.*, i.identity_id
    FROM marks
    CROSS JOIN LATERAL (
        SELECT found.identity_id FROM contact_identity AS found
        WHERE found.organization_id = marks.organization_id AND found.network = marks.network
            AND found.scope = marks.scope AND found.network_user_id = marks.network_user_id
        LIMIT 1
    ) AS i
), kept AS (
    INSERT INTO receipt AS known
        (organization_id, network, scope, network_user_id, channel_id, delivered_up_to,
         read_up_to)
    SELECT organization_id, network, scope, network_user_id, channel_id, delivered_up_to,
        read_up_to
    FROM marks
    ON CONFLICT (organization_id, network, scope, network_user_id, channel_id) DO UPDATE SET
        delivered_up_to = GREATEST(known.delivered_up_to, EXCLUDED.delivered_up_to),
        read_up_to = GREATEST(known.read_up_to, EXCLUDED.read_up_to)
), moving AS (
    SELECT *
    FROM unnest($63::uuid[], $64::uuid[], $65::uuid[], $66::bigint[])
        AS moving (organization_id, from_id, into_id, grown_by)
), moved AS (
    -- Every message of a conversation that was absorbed goes to the one that goes on; those that
    -- changed besides carry their new places already.
    UPDATE message AS m SET
        conversation_id = moving.into_id,
        sequence = m.sequence + moving.grown_by,
        rev = m.rev + 1,
        delivered = m.delivered OR (m.direction = 2 AND m.kind = 1 AND EXISTS (
            SELECT FROM recipients AS r
            WHERE r.organization_id = m.organization_id AND r.identity_id = m.identity_id
                AND r.channel_id = ANY (m.channel_ids) AND m.network_time <= r.delivered_up_to
                AND (m.reply_state IS NULL OR m.reply_state = 3)
        )),
        read = m.read OR (m.direction = 2 AND m.kind = 1 AND EXISTS (
            SELECT FROM recipients AS r
            WHERE r.organization_id = m.organization_id AND r.identity_id = m.identity_id
                AND r.channel_id = ANY (m.channel_ids) AND m.network_time <= r.read_up_to
                AND (m.reply_state IS NULL OR m.reply_state = 3)
        ))
    FROM moving
    -- Else this part does not run at all, whatever its plan.
    WHERE cardinality($63::uuid[]) > 0
        AND m.organization_id = moving.organization_id AND m.conversation_id = moving.from_id
        AND m.message_id <> ALL ($68::uuid[])
), notes_moved AS (
    UPDATE note AS n SET conversation_id = moving.into_id
    FROM moving
    WHERE cardinality($63::uuid[]) > 0
        AND n.organization_id = moving.organization_id AND n.conversation_id = moving.from_id
), drafts_gone AS (
    DELETE FROM draft AS d
    USING moving
    WHERE cardinality($63::uuid[]) > 0
        AND d.organization_id = moving.organization_id AND d.conversation_id = moving.from_id
    RETURNING d.*, moving.into_id
), drafts_moved AS (
    -- Of two of one member, the one that was written later stands, as everywhere.
    INSERT INTO draft AS known (
        organization_id, member_id, conversation_id, mode, body, kind, channel_id, in_reply_to,
        shorten_links, written_at, rev
    )
    SELECT DISTINCT ON (organization_id, member_id, into_id, mode)
        organization_id, member_id, into_id, mode, body, kind, channel_id, in_reply_to,
        shorten_links, written_at, rev
    FROM drafts_gone
    ORDER BY organization_id, member_id, into_id, mode, written_at DESC
    ON CONFLICT (organization_id, member_id, conversation_id, mode) DO UPDATE SET
        body = EXCLUDED.body, kind = EXCLUDED.kind, channel_id = EXCLUDED.channel_id,
        in_reply_to = EXCLUDED.in_reply_to, shorten_links = EXCLUDED.shorten_links,
        written_at = EXCLUDED.written_at, rev = known.rev + 1
    WHERE known.written_at <= EXCLUDED.written_at
), acts AS (
    INSERT INTO action AS known (
        organization_id, action_id, target_id, aspect, turn, wanted, message_id, channel_id,
        member_id, asked_at, outcome, failure_code, failure, retryable, as_of, waits_until,
        wait_reason, rev
    )
    SELECT *
    FROM unnest(
        $125::uuid[], $126::uuid[], $127::uuid[], $128::smallint[], $129::bigint[],
        $130::boolean[], $131::uuid[], $132::uuid[], $133::uuid[], $134::timestamptz[],
        $135::smallint[], $136::text[], $137::text[], $138::boolean[], $139::timestamptz[],
        $140::timestamptz[], $141::text[], $142::bigint[]
    )
    ON CONFLICT (organization_id, action_id) DO UPDATE SET
        outcome = EXCLUDED.outcome, failure_code = EXCLUDED.failure_code,
        failure = EXCLUDED.failure, retryable = EXCLUDED.retryable, as_of = EXCLUDED.as_of,
        waits_until = EXCLUDED.waits_until, wait_reason = EXCLUDED.wait_reason,
        rev = EXCLUDED.rev
), emptied AS (
    DELETE FROM message_version AS v
    USING unnest($92::uuid[], $93::uuid[]) AS gone (organization_id, message_id)
    WHERE cardinality($92::uuid[]) > 0
        AND v.organization_id = gone.organization_id AND v.message_id = gone.message_id
), versions AS (
    INSERT INTO message_version (organization_id, message_id, version, version_time, body)
    SELECT organization_id, message_id, version, version_time, body
    FROM unnest($94::uuid[], $95::uuid[], $96::bigint[], $97::timestamptz[], $98::text[])
        AS kept (organization_id, message_id, version, version_time, body)
    ON CONFLICT DO NOTHING
), stored AS (
    INSERT INTO message AS known (
        organization_id, message_id, conversation_id, identity_id, network, scope, external_id,
        sequence, rev, item_id, direction, kind, history, channel_ids, network_time, body, version,
        version_time, edited, deleted, attachments, permalink, in_reply_to, thread, reactions,
        delivered, read,
        reply_state, reply_member_id, reply_channel_id, reply_to, reply_attempt, reply_as_of,
        reply_failure_code, reply_failure, reply_retryable, reply_waits_until, reply_wait_reason,
        reply_seen_through, reply_accepted_at
    )
    SELECT
        row.organization_id, row.message_id, row.conversation_id, row.identity_id, row.network,
        row.scope, row.external_id, row.sequence, row.rev, row.item_id, row.direction, row.kind,
        row.history, row.channel_ids::uuid[], row.network_time, row.body, row.version,
        row.version_time, row.edited, row.deleted, row.attachments::jsonb, row.permalink,
        row.in_reply_to, row.thread, row.reactions::jsonb,
        COALESCE(confirmed.delivered, false), COALESCE(confirmed.read, false),
        row.reply_state, row.reply_member_id, row.reply_channel_id, row.reply_to, row.reply_attempt,
        row.reply_as_of, row.reply_failure_code, row.reply_failure, row.reply_retryable,
        row.reply_waits_until, row.reply_wait_reason, row.reply_seen_through, row.reply_accepted_at
    FROM unnest(
        $67::uuid[], $68::uuid[], $69::uuid[], $70::uuid[], $71::smallint[], $72::text[], $73::text[],
        $74::bigint[], $75::bigint[], $76::uuid[], $77::smallint[], $78::smallint[], $79::boolean[],
        $80::text[], $81::timestamptz[], $82::text[], $83::bigint[], $84::timestamptz[],
        $85::boolean[], $86::boolean[], $87::text[], $88::text[], $89::text[], $90::text[],
        $91::text[],
        $99::smallint[], $100::uuid[], $101::uuid[], $102::uuid[], $103::integer[], $104::timestamptz[],
        $105::text[], $106::text[], $107::boolean[], $108::timestamptz[], $109::text[], $110::bigint[],
        $111::timestamptz[], $112::text[], $113::text[]
    ) AS row (
        organization_id, message_id, conversation_id, identity_id, network, scope, external_id,
        sequence, rev, item_id, direction, kind, history, channel_ids, network_time, body, version,
        version_time, edited, deleted, attachments, permalink, in_reply_to, thread, reactions,
        reply_state, reply_member_id, reply_channel_id, reply_to, reply_attempt, reply_as_of,
        reply_failure_code, reply_failure, reply_retryable, reply_waits_until, reply_wait_reason,
        reply_seen_through, reply_accepted_at, identity_scope, network_user_id
    )
    LEFT JOIN LATERAL (
        SELECT
            bool_or(r.delivered_up_to >= row.network_time) AS delivered,
            bool_or(r.read_up_to >= row.network_time) AS read
        FROM (
            SELECT found.channel_id, found.delivered_up_to, found.read_up_to
            FROM receipt AS found
            WHERE found.organization_id = row.organization_id AND found.network = row.network
                AND found.scope = row.identity_scope
                AND found.network_user_id = row.network_user_id
            UNION ALL
            SELECT marks.channel_id, marks.delivered_up_to, marks.read_up_to
            FROM marks
            WHERE marks.organization_id = row.organization_id AND marks.network = row.network
                AND marks.scope = row.identity_scope
                AND marks.network_user_id = row.network_user_id
        ) AS r
        WHERE row.direction = 2 AND row.kind = 1 AND r.channel_id = ANY (row.channel_ids::uuid[])
            -- What the network does not have yet cannot have arrived.
            AND (row.reply_state IS NULL OR row.reply_state = 3)
    ) AS confirmed ON true
    ON CONFLICT (organization_id, message_id) DO UPDATE SET
        conversation_id = EXCLUDED.conversation_id, identity_id = EXCLUDED.identity_id,
        sequence = EXCLUDED.sequence,
        rev = GREATEST(EXCLUDED.rev, known.rev + 1), kind = EXCLUDED.kind, history = EXCLUDED.history,
        channel_ids = EXCLUDED.channel_ids, body = EXCLUDED.body, version = EXCLUDED.version,
        version_time = EXCLUDED.version_time, edited = EXCLUDED.edited, deleted = EXCLUDED.deleted,
        attachments = EXCLUDED.attachments, in_reply_to = EXCLUDED.in_reply_to,
        reactions = EXCLUDED.reactions, scope = EXCLUDED.scope,
        external_id = EXCLUDED.external_id, network_time = EXCLUDED.network_time,
        permalink = EXCLUDED.permalink,
        reply_state = EXCLUDED.reply_state, reply_member_id = EXCLUDED.reply_member_id,
        reply_channel_id = EXCLUDED.reply_channel_id, reply_to = EXCLUDED.reply_to,
        reply_attempt = EXCLUDED.reply_attempt, reply_as_of = EXCLUDED.reply_as_of,
        reply_failure_code = EXCLUDED.reply_failure_code, reply_failure = EXCLUDED.reply_failure,
        reply_retryable = EXCLUDED.reply_retryable, reply_waits_until = EXCLUDED.reply_waits_until,
        reply_wait_reason = EXCLUDED.reply_wait_reason,
        reply_seen_through = EXCLUDED.reply_seen_through,
        reply_accepted_at = EXCLUDED.reply_accepted_at,
        delivered = known.delivered OR EXCLUDED.delivered, read = known.read OR EXCLUDED.read
), marked AS (
    UPDATE message AS m SET
        delivered = true,
        read = m.read OR COALESCE(m.network_time <= marks.read_up_to, false),
        rev = m.rev + 1
    FROM recipients AS marks
    WHERE cardinality($114::uuid[]) > 0
        AND m.organization_id = marks.organization_id AND m.identity_id = marks.identity_id
        AND m.direction = 2 AND m.kind = 1 AND NOT m.read
        -- What the network does not have yet cannot have arrived.
        AND (m.reply_state IS NULL OR m.reply_state = 3)
        AND marks.channel_id = ANY (m.channel_ids)
        AND m.network_time <= marks.delivered_up_to
        AND (NOT m.delivered OR m.network_time <= marks.read_up_to)
        AND m.message_id <> ALL ($68::uuid[])
        AND m.conversation_id <> ALL ($64::uuid[])
    RETURNING m.organization_id, m.conversation_id, m.message_id
)
SELECT
    (SELECT count(*) FROM written) AS written,
    marked.organization_id, marked.message_id, c.conversation_id, c.rev, c.state, c.network,
    c.channel_ids, c.waiting_since, c.owner_member_id, c.owner_epoch, c.decision, c.decided_by,
    c.decided_by_reply, c.absorbed_into, c.contact_id
FROM (SELECT 1) AS always
LEFT JOIN marked ON true
LEFT JOIN LATERAL (
    SELECT found.* FROM conversation AS found
    WHERE found.organization_id = marked.organization_id
        AND found.conversation_id = marked.conversation_id
    LIMIT 1
) AS c ON true
