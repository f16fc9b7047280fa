-- New conversations that a member owns; nothing is locked.
SELECT conversation_id FROM conversation
WHERE organization_id = $1 AND owner_member_id = $2 AND state = 1 AND owner_member_id IS NOT NULL
ORDER BY conversation_id LIMIT $3
