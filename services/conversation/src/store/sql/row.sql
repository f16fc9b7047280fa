SELECT
    c.conversation_id, c.rev, c.state, c.network, c.channel_ids, c.last_kind, c.last_direction,
    c.last_activity_at, c.waiting_since, c.unseen_count, c.message_count, c.last_sequence,
    c.opened_at,
    c.resolved_at, c.previous_id, c.absorbed_into, c.owner_member_id, c.owner_epoch,
    c.lock_member_id, c.lock_session, c.lock_fence, c.lock_expires_at,
    c.lock_expires_at > clock_timestamp() AS lock_is_live, c.reminder_due_at,
    c.reminder_member_id, c.reminder_note, m.body AS last_text,
    p.contact_id, p.display_name, p.handle, p.avatar_url, i.scope, i.network_user_id, page.place
FROM page
CROSS JOIN LATERAL (
    SELECT found.* FROM conversation AS found
    WHERE found.organization_id = page.organization_id
        AND found.conversation_id = page.conversation_id
    LIMIT 1
) AS c
CROSS JOIN LATERAL (
    SELECT found.scope, found.network_user_id FROM contact_identity AS found
    WHERE found.organization_id = c.organization_id AND found.identity_id = c.identity_id
    LIMIT 1
) AS i
CROSS JOIN LATERAL (
    SELECT found.* FROM contact AS found
    WHERE found.organization_id = c.organization_id AND found.contact_id = c.contact_id
    LIMIT 1
) AS p
LEFT JOIN LATERAL (
    SELECT found.body FROM message AS found
    WHERE found.organization_id = c.organization_id AND found.message_id = c.last_message_id
    LIMIT 1
) AS m ON true
