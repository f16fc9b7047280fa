-- What bounds private answers ($1 organization, $2 conversations): when each contact last wrote
-- privately to each account.
SELECT c.conversation_id, a.channel_id, q.network_time AS at
FROM (
    SELECT DISTINCT wanted.conversation_id FROM unnest($2::uuid[]) AS wanted (conversation_id)
) AS page
CROSS JOIN LATERAL (
    SELECT found.conversation_id, found.identity_id, found.network FROM conversation AS found
    WHERE found.organization_id = $1 AND found.conversation_id = page.conversation_id
    LIMIT 1
) AS c
JOIN channel AS a ON a.organization_id = $1 AND a.network = c.network
CROSS JOIN LATERAL (
    SELECT m.network_time FROM message AS m
    WHERE m.organization_id = $1 AND m.identity_id = c.identity_id
        AND m.direction = 1 AND m.kind = 1 AND a.channel_id = ANY (m.channel_ids)
    ORDER BY m.network_time DESC
    LIMIT 1
) AS q
