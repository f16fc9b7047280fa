-- The lock of a conversation, its owner, what a member is, and how far its channels let that member
-- in, by the database's clock ($1 organization, $2 conversation, $3 member). A channel that is not
-- known here is open; NULL without any channel. A signpost has the channels of the conversation
-- that it became part of.
SELECT
    c.lock_member_id, c.lock_session, c.lock_fence, c.lock_expires_at, c.owner_member_id,
    c.absorbed_into, clock_timestamp() AS moment, (
        SELECT m.roles FROM member AS m WHERE m.organization_id = $1 AND m.member_id = $3
    ) AS roles, (
        SELECT max(
            CASE WHEN a.restricted THEN COALESCE((a.access ->> ($3::uuid)::text)::smallint, 0)
            ELSE 2 END
        )::smallint
        FROM unnest(COALESCE(i.channel_ids, c.channel_ids)) AS through (channel_id)
        LEFT JOIN LATERAL (
            SELECT found.restricted, found.access FROM channel AS found
            WHERE found.organization_id = $1 AND found.channel_id = through.channel_id
            LIMIT 1
        ) AS a ON true
    ) AS door
FROM conversation AS c
LEFT JOIN LATERAL (
    SELECT found.channel_ids FROM conversation AS found
    WHERE found.organization_id = $1 AND found.conversation_id = c.absorbed_into
    LIMIT 1
) AS i ON true
WHERE c.organization_id = $1 AND c.conversation_id = $2
