-- The live holder goes on ($1 organization, $2 conversation, $3 member, $4 session, $5 seconds).
UPDATE conversation AS c SET lock_expires_at = clock_timestamp() + $5 * interval '1 second'
WHERE c.organization_id = $1 AND c.conversation_id = $2 AND c.lock_member_id = $3
    AND c.lock_session = $4 AND c.lock_expires_at > clock_timestamp()
RETURNING c.lock_member_id, c.lock_session, c.lock_fence, c.lock_expires_at
