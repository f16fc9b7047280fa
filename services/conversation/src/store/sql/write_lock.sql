-- A new holder, or none ($1 organization, $2 conversation, $3 member, $4 session, $5 fence,
-- $6 until when). Gives how the conversation stands.
UPDATE conversation AS c SET
    lock_member_id = $3, lock_session = $4, lock_fence = $5, lock_expires_at = $6,
    rev = c.rev + 1
WHERE c.organization_id = $1 AND c.conversation_id = $2
RETURNING
    c.organization_id, c.conversation_id, c.rev, c.state, c.network, c.channel_ids,
    c.waiting_since, c.owner_member_id, c.owner_epoch, c.decision, c.decided_by,
    c.decided_by_reply, c.absorbed_into, c.contact_id
