-- The lock of a conversation, its owner, what a member is, and how far its channels let that member
-- in (NULL while none of them is known), by the database's clock ($1 organization, $2 conversation,
-- $3 member).
SELECT
    c.lock_member_id, c.lock_session, c.lock_fence, c.lock_expires_at, c.owner_member_id,
    c.absorbed_into, clock_timestamp() AS moment, (
        SELECT m.roles FROM member AS m WHERE m.organization_id = $1 AND m.member_id = $3
    ) AS roles, (
        SELECT max(
            CASE WHEN a.restricted THEN COALESCE((a.access ->> ($3::uuid)::text)::smallint, 0)
            ELSE 2 END
        )::smallint
        FROM channel AS a
        WHERE a.organization_id = $1 AND a.channel_id = ANY (c.channel_ids)
    ) AS door
FROM conversation AS c
WHERE c.organization_id = $1 AND c.conversation_id = $2
