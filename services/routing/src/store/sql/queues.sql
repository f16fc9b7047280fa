-- The heads of every queue of an organization: one step of the index for each class, then its
-- oldest, one row for all that ask the same.
WITH RECURSIVE class AS (
    (
        SELECT c.class FROM conversation AS c
        WHERE c.organization_id = $1 AND c.waiting ORDER BY c.class LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT c.class FROM conversation AS c
        WHERE c.organization_id = $1 AND c.waiting AND c.class > class.class
        ORDER BY c.class LIMIT 1
    )
    FROM class WHERE class.class IS NOT NULL
)
SELECT
    head.class, head.channel_ids, array_agg(head.conversation_id) AS conversation_id,
    array_agg((extract(epoch FROM head.waiting_since) * 1000000)::bigint) AS waiting_since,
    array_agg(head.epoch) AS epoch
FROM class CROSS JOIN LATERAL (
    SELECT c.class, c.conversation_id, c.channel_ids, c.waiting_since, c.epoch
    FROM conversation AS c
    WHERE c.organization_id = $1 AND c.waiting AND c.class = class.class
    ORDER BY c.waiting_since, c.conversation_id
    LIMIT $2
) AS head
WHERE class.class IS NOT NULL
GROUP BY head.class, head.channel_ids
