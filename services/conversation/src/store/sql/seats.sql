-- What a change of the states of several conversations looks at ($1 organization, $2 ids,
-- $3 member): how they stand, whose they are, what the member is, how far their channels let that
-- member in (NULL while none of them is known), and when the contact last wrote.
SELECT
    c.conversation_id, c.state, c.absorbed_into, c.owner_member_id, (
        SELECT m.roles FROM member AS m WHERE m.organization_id = $1 AND m.member_id = $3
    ) AS roles, (
        SELECT max(
            CASE WHEN a.restricted THEN COALESCE((a.access ->> ($3::uuid)::text)::smallint, 0)
            ELSE 2 END
        )::smallint
        FROM channel AS a
        WHERE a.organization_id = $1 AND a.channel_id = ANY (c.channel_ids)
    ) AS door, q.network_time AS last_inbound
FROM (SELECT DISTINCT wanted.id FROM unnest($2::uuid[]) AS wanted (id)) AS page
CROSS JOIN LATERAL (
    SELECT found.conversation_id, found.state, found.absorbed_into, found.owner_member_id,
        found.channel_ids
    FROM conversation AS found
    WHERE found.organization_id = $1 AND found.conversation_id = page.id
    LIMIT 1
) AS c
LEFT JOIN LATERAL (
    SELECT m.network_time FROM message AS m
    WHERE m.organization_id = $1 AND m.conversation_id = c.conversation_id
        AND m.direction = 1 AND NOT m.history
    ORDER BY m.network_time DESC
    LIMIT 1
) AS q ON true
