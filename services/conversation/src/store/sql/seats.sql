-- What a change of the states of several conversations looks at ($1 organization, $2 ids,
-- $3 member): how they stand, whose they are, what the member is, how far their channels let that
-- member in, when the contact last wrote, and, where it was asked for ($4), how many of their
-- replies the network has not accepted. A channel that is not known here is open; NULL without any
-- channel. A signpost has the channels of the conversation that it became part of.
SELECT
    c.conversation_id, c.state, c.absorbed_into, c.owner_member_id, (
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
    ) AS door, q.network_time AS last_inbound, u.undelivered
FROM (SELECT DISTINCT wanted.id FROM unnest($2::uuid[]) AS wanted (id)) AS page
CROSS JOIN LATERAL (
    SELECT found.conversation_id, found.state, found.absorbed_into, found.owner_member_id,
        found.channel_ids
    FROM conversation AS found
    WHERE found.organization_id = $1 AND found.conversation_id = page.id
    LIMIT 1
) AS c
LEFT JOIN LATERAL (
    SELECT found.channel_ids FROM conversation AS found
    WHERE found.organization_id = $1 AND found.conversation_id = c.absorbed_into
    LIMIT 1
) AS i ON true
LEFT JOIN LATERAL (
    SELECT m.network_time FROM message AS m
    WHERE m.organization_id = $1 AND m.conversation_id = c.conversation_id
        AND m.direction = 1 AND NOT m.history
    ORDER BY m.network_time DESC
    LIMIT 1
) AS q ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS undelivered FROM message AS m
    WHERE $4 AND m.organization_id = $1 AND m.conversation_id = c.conversation_id
        AND m.reply_state IN (1, 2, 4, 5)
) AS u
