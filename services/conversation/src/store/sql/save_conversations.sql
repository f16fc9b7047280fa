-- Contacts, identities, conversations, history and count deltas of one transaction.
-- A conversation is written only over the rev that was loaded; the answer is how many were.
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
    INSERT INTO count_delta (organization_id, state, resolved_on, amount)
    SELECT organization_id, state, resolved_on, amount
    FROM unnest($21::uuid[], $22::smallint[], $23::text[]::date[], $24::bigint[])
        AS delta (organization_id, state, resolved_on, amount)
), written AS (
    INSERT INTO conversation AS known (
        organization_id, conversation_id, identity_id, contact_id, network, ordinal, rev, state,
        dormant, absorbed_into, previous_id, opened_at, resolved_at, last_resolved_at,
        seen_through, last_sequence, history_sequence, message_count, unseen_count,
        waiting_since, newest_echo_at, last_message_id, last_activity_at, last_external_id,
        last_kind, last_direction, channel_ids
    )
    SELECT
        organization_id, conversation_id, identity_id, contact_id, network, ordinal, rev, state,
        dormant, absorbed_into, previous_id, opened_at, resolved_at, last_resolved_at,
        seen_through, last_sequence, history_sequence, message_count, unseen_count,
        waiting_since, newest_echo_at, last_message_id, last_activity_at, last_external_id,
        last_kind, last_direction, channel_ids::uuid[]
    FROM unnest(
        $25::uuid[], $26::uuid[], $27::uuid[], $28::uuid[], $29::smallint[], $30::integer[],
        $31::bigint[], $32::smallint[], $33::boolean[], $34::uuid[], $35::uuid[],
        $36::timestamptz[], $37::timestamptz[], $38::timestamptz[], $39::bigint[],
        $40::bigint[], $41::bigint[], $42::bigint[], $43::integer[], $44::timestamptz[],
        $45::timestamptz[], $46::uuid[], $47::timestamptz[], $48::text[], $49::smallint[],
        $50::smallint[], $51::text[]
    ) WITH ORDINALITY AS row (
        organization_id, conversation_id, identity_id, contact_id, network, ordinal, rev, state,
        dormant, absorbed_into, previous_id, opened_at, resolved_at, last_resolved_at,
        seen_through, last_sequence, history_sequence, message_count, unseen_count,
        waiting_since, newest_echo_at, last_message_id, last_activity_at, last_external_id,
        last_kind, last_direction, channel_ids, place
    )
    -- Those that stop being open come first: the backstop index is checked row by row.
    ORDER BY place
    ON CONFLICT (organization_id, conversation_id) DO UPDATE SET
        rev = EXCLUDED.rev, state = EXCLUDED.state, dormant = EXCLUDED.dormant,
        absorbed_into = EXCLUDED.absorbed_into, resolved_at = EXCLUDED.resolved_at,
        last_resolved_at = EXCLUDED.last_resolved_at, seen_through = EXCLUDED.seen_through,
        last_sequence = EXCLUDED.last_sequence, history_sequence = EXCLUDED.history_sequence,
        message_count = EXCLUDED.message_count, unseen_count = EXCLUDED.unseen_count,
        waiting_since = EXCLUDED.waiting_since, newest_echo_at = EXCLUDED.newest_echo_at,
        last_message_id = EXCLUDED.last_message_id,
        last_activity_at = EXCLUDED.last_activity_at,
        last_external_id = EXCLUDED.last_external_id, last_kind = EXCLUDED.last_kind,
        last_direction = EXCLUDED.last_direction, channel_ids = EXCLUDED.channel_ids
    WHERE known.rev = EXCLUDED.rev - 1
    RETURNING 1
)
SELECT count(*) AS written FROM written
