-- Messages by network id, whose they are, for messages that may leave their places (history, and
-- those named so) what else stands where they stand, and for those of which it matters what
-- members asked to be done to them and their authors ($1 organization, $2 network, $3 scope,
-- $4 external id, $5 may leave its place, $6 it matters what was asked).
-- Each lookup is a lateral query for one row of a unique key: the plan is the same nested loop of
-- index scans whatever the tables' size was when it was made.
WITH wanted AS (
    SELECT DISTINCT organization_id, network, scope, external_id, leaves, acted
    FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::boolean[], $6::boolean[])
        AS wanted (organization_id, network, scope, external_id, leaves, acted)
)
SELECT
    m.organization_id, m.message_id, m.conversation_id, m.network, m.scope, m.external_id,
    m.sequence, m.rev, m.item_id, m.direction, m.kind, m.history, m.channel_ids, m.network_time,
    m.body, m.version, m.version_time, m.edited, m.deleted, m.attachments, m.permalink,
    m.in_reply_to, m.thread, m.reactions, m.reply_state, m.reply_member_id, m.reply_channel_id,
    m.reply_to, m.reply_attempt, m.reply_as_of, m.reply_failure_code, m.reply_failure,
    m.reply_retryable, m.reply_waits_until, m.reply_wait_reason, m.reply_seen_through,
    m.reply_accepted_at, w.leaves, asked.requests,
    i.scope AS identity_scope, i.network_user_id,
    other.message_id AS other_message_id, other.network_time AS other_network_time,
    other.external_id AS other_external_id, other.kind AS other_kind,
    other.direction AS other_direction, others.channel_ids AS others_channel_ids,
    others.newest_echo_at AS others_newest_echo_at
FROM wanted AS w
CROSS JOIN LATERAL (
    SELECT found.* FROM message AS found
    WHERE found.organization_id = w.organization_id AND found.network = w.network
        AND found.scope = w.scope AND found.external_id = w.external_id
    LIMIT 1
) AS m
CROSS JOIN LATERAL (
    SELECT found.scope, found.network_user_id FROM contact_identity AS found
    WHERE found.organization_id = m.organization_id AND found.identity_id = m.identity_id
    LIMIT 1
) AS i
LEFT JOIN LATERAL (
    SELECT o.message_id, o.network_time, o.external_id, o.kind, o.direction
    FROM message AS o
    WHERE (m.history OR w.leaves)
        AND o.organization_id = m.organization_id AND o.conversation_id = m.conversation_id
        AND NOT EXISTS (
            SELECT FROM wanted AS x
            WHERE x.organization_id = o.organization_id AND x.network = o.network
                AND x.scope = o.scope AND x.external_id = o.external_id
                AND (o.history OR x.leaves)
        )
    ORDER BY o.network_time DESC, o.external_length DESC, o.external_id DESC
    LIMIT 1
) AS other ON true
LEFT JOIN LATERAL (
    SELECT
        array_agg(DISTINCT channel_id) AS channel_ids,
        max(o.network_time) FILTER (
            WHERE o.direction = 2 AND NOT o.history AND o.reply_state IS NULL
        ) AS newest_echo_at
    FROM message AS o, unnest(o.channel_ids) AS channel_id
    WHERE (m.history OR w.leaves)
        AND o.organization_id = m.organization_id AND o.conversation_id = m.conversation_id
        AND NOT EXISTS (
            SELECT FROM wanted AS x
            WHERE x.organization_id = o.organization_id AND x.network = o.network
                AND x.scope = o.scope AND x.external_id = o.external_id
                AND (o.history OR x.leaves)
        )
) AS others ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(to_jsonb(a)) AS requests FROM action AS a
    WHERE w.acted
        AND a.organization_id = m.organization_id AND a.target_id IN (m.message_id, m.identity_id)
) AS asked ON true
