-- Resolved conversations are nobody's to answer ($1 organization, $2 conversations, $3 who resolved
-- them): whoever else was writing learns it by the fence. The rows' revs are another statement's.
UPDATE conversation AS c SET
    lock_fence = c.lock_fence + (c.lock_member_id <> $3)::integer,
    lock_member_id = NULL, lock_session = NULL, lock_expires_at = NULL
WHERE c.organization_id = $1 AND c.conversation_id = ANY ($2::uuid[])
    AND c.lock_member_id IS NOT NULL
