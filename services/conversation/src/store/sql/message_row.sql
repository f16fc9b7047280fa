SELECT
    m.message_id, m.conversation_id, m.sequence, m.rev, m.kind, m.network, m.direction,
    m.channel_ids, m.body, m.edited, m.deleted, m.attachments, m.permalink, m.network_time,
    m.external_id, m.scope AS message_scope, m.reactions, m.delivered, m.read,
    COALESCE(m.reply_to, parent.message_id) AS parent_id, m.history,
    m.reply_state, m.reply_member_id, m.reply_channel_id, m.reply_to, m.reply_attempt,
    m.reply_as_of, m.reply_failure_code, m.reply_failure, m.reply_retryable,
    m.reply_waits_until, m.reply_wait_reason, m.reply_seen_through, m.reply_accepted_at,
    p.display_name, p.handle, p.avatar_url, i.scope, i.network_user_id,
    i.identity_id
FROM page
CROSS JOIN LATERAL (
    SELECT found.* FROM message AS found
    WHERE found.organization_id = page.organization_id AND found.message_id = page.message_id
    LIMIT 1
) AS m
CROSS JOIN LATERAL (
    SELECT found.* FROM contact_identity AS found
    WHERE found.organization_id = m.organization_id AND found.identity_id = m.identity_id
    LIMIT 1
) AS i
CROSS JOIN LATERAL (
    SELECT found.* FROM contact AS found
    WHERE found.organization_id = i.organization_id AND found.contact_id = i.contact_id
    LIMIT 1
) AS p
LEFT JOIN LATERAL (
    SELECT found.message_id FROM message AS found
    WHERE found.organization_id = m.organization_id AND found.network = m.network
        AND found.scope = m.scope AND found.external_id = m.in_reply_to
    LIMIT 1
) AS parent ON true
ORDER BY m.network_time DESC, m.external_length DESC, m.external_id DESC
