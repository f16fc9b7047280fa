-- Replies as delivery needs them ($1 organization, $2 messages); unknown ones are left out.
SELECT
    m.message_id, m.conversation_id, m.reply_channel_id, m.network, m.kind, m.body, m.deleted,
    m.reply_attempt, m.reply_accepted_at, m.scope AS message_scope, m.external_id,
    i.scope, i.network_user_id,
    p.external_id AS to_external_id, p.scope AS to_scope, p.kind AS to_kind,
    (
        SELECT q.network_time FROM message AS q
        WHERE q.organization_id = m.organization_id AND q.identity_id = m.identity_id
            AND q.direction = 1 AND q.kind = 1 AND m.reply_channel_id = ANY (q.channel_ids)
        ORDER BY q.network_time DESC
        LIMIT 1
    ) AS last_private_inbound_at
FROM (SELECT DISTINCT wanted.message_id FROM unnest($2::uuid[]) AS wanted (message_id)) AS page
CROSS JOIN LATERAL (
    SELECT found.* FROM message AS found
    WHERE found.organization_id = $1 AND found.message_id = page.message_id
        AND found.direction = 2 AND found.reply_state IS NOT NULL
    LIMIT 1
) AS m
CROSS JOIN LATERAL (
    SELECT found.scope, found.network_user_id FROM contact_identity AS found
    WHERE found.organization_id = m.organization_id AND found.identity_id = m.identity_id
    LIMIT 1
) AS i
LEFT JOIN LATERAL (
    SELECT found.external_id, found.scope, found.kind FROM message AS found
    WHERE found.organization_id = m.organization_id AND found.message_id = m.reply_to
    LIMIT 1
) AS p ON true
