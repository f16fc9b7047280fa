-- Pending: last activity first.
-- ($1 organization; $2, $3 key of the last row of the page before; $4 limit; $5 channels, empty
-- for all)
WITH page AS (
    SELECT c.organization_id, c.conversation_id, c.last_activity_at AS place
    FROM conversation AS c
    WHERE c.organization_id = $1 AND c.state = 2
        AND (c.last_activity_at, c.conversation_id) < ($2::timestamptz, $3::uuid)
        AND ($5::uuid[] = '{}' OR c.channel_ids && $5::uuid[])
    ORDER BY c.last_activity_at DESC, c.conversation_id DESC
    LIMIT $4
)
