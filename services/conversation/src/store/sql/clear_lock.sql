-- A resolved conversation is nobody's to answer ($1 organization, $2 conversation, $3 who
-- resolved it): whoever else was writing learns it by the fence. The row's rev is another
-- statement's.
UPDATE conversation AS c SET
    lock_fence = c.lock_fence + (c.lock_member_id <> $3)::integer,
    lock_member_id = NULL, lock_session = NULL, lock_expires_at = NULL
WHERE c.organization_id = $1 AND c.conversation_id = $2 AND c.lock_member_id IS NOT NULL
