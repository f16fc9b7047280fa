-- The accounts of a network ($1) that have something to do, walking from one to the next by
-- index: how much is ready (counted up to $2), how much is under way, and since when.
WITH RECURSIVE found AS (
    (
        SELECT channel_id, organization_id FROM turn
        WHERE network = $1 AND NOT leased
        ORDER BY channel_id LIMIT 1
    )
    UNION ALL
    SELECT next.channel_id, next.organization_id
    FROM found
    CROSS JOIN LATERAL (
        SELECT t.channel_id, t.organization_id FROM turn AS t
        WHERE t.network = $1 AND NOT t.leased AND t.channel_id > found.channel_id
        ORDER BY t.channel_id LIMIT 1
    ) AS next
)
SELECT found.channel_id, found.organization_id, ready.oldest, ready.ready, busy.busy
FROM found
CROSS JOIN LATERAL (
    SELECT min(page.due) AS oldest, count(*) AS ready
    FROM (
        SELECT t.due FROM turn AS t
        WHERE t.network = $1 AND NOT t.leased AND t.channel_id = found.channel_id
            AND t.due <= statement_timestamp()
        ORDER BY t.due LIMIT $2
    ) AS page
) AS ready
CROSS JOIN LATERAL (
    SELECT count(*) AS busy
    FROM (
        SELECT 1 FROM turn AS t
        WHERE t.network = $1 AND t.leased AND t.channel_id = found.channel_id
        LIMIT $2
    ) AS page
) AS busy
WHERE ready.ready > 0
