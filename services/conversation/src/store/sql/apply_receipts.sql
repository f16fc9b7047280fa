-- Watermarks grow, and the private messages that they newly cover are marked; gives those.
WITH marks AS (
    SELECT *
    FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::uuid[],
        $6::timestamptz[], $7::timestamptz[])
        AS mark (organization_id, network, scope, network_user_id, channel_id, delivered_up_to,
            read_up_to)
), people AS MATERIALIZED (
    SELECT marks.*, i.identity_id
    FROM marks
    CROSS JOIN LATERAL (
        SELECT found.identity_id FROM contact_identity AS found
        WHERE found.organization_id = marks.organization_id AND found.network = marks.network
            AND found.scope = marks.scope AND found.network_user_id = marks.network_user_id
        LIMIT 1
    ) AS i
), kept AS (
    INSERT INTO receipt AS known
        (organization_id, network, scope, network_user_id, channel_id, delivered_up_to,
         read_up_to)
    SELECT organization_id, network, scope, network_user_id, channel_id, delivered_up_to,
        read_up_to
    FROM marks
    ON CONFLICT (organization_id, network, scope, network_user_id, channel_id) DO UPDATE SET
        delivered_up_to = GREATEST(known.delivered_up_to, EXCLUDED.delivered_up_to),
        read_up_to = GREATEST(known.read_up_to, EXCLUDED.read_up_to)
)
UPDATE message AS m SET
    delivered = true,
    read = m.read OR COALESCE(m.network_time <= marks.read_up_to, false),
    rev = m.rev + 1
FROM people AS marks
WHERE m.organization_id = marks.organization_id AND m.identity_id = marks.identity_id
    AND m.direction = 2 AND m.kind = 1 AND NOT m.read
    AND marks.channel_id = ANY (m.channel_ids)
    AND m.network_time <= marks.delivered_up_to
    AND (NOT m.delivered OR m.network_time <= marks.read_up_to)
RETURNING m.organization_id, m.conversation_id, m.message_id, (
    SELECT c.rev FROM conversation AS c
    WHERE c.organization_id = m.organization_id AND c.conversation_id = m.conversation_id
) AS conversation_rev
