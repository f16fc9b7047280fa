-- The lock of a conversation, its owner, and what a member is, by the database's clock
-- ($1 organization, $2 conversation, $3 member).
SELECT
    c.lock_member_id, c.lock_session, c.lock_fence, c.lock_expires_at, c.owner_member_id,
    c.absorbed_into, clock_timestamp() AS moment, (
        SELECT m.roles FROM member AS m WHERE m.organization_id = $1 AND m.member_id = $3
    ) AS roles
FROM conversation AS c
WHERE c.organization_id = $1 AND c.conversation_id = $2
