-- The oldest ones, as many as their bodies allow to be held at a time; one in any case.
SELECT request_id
FROM (
    SELECT
        routed.request_id,
        routed.oldest,
        row_number() OVER oldest_first AS place,
        sum(octet_length(webhook_request.body)) OVER oldest_first AS bytes
    FROM (
        SELECT unrouted.request_id, min(unrouted.item_id::text) AS oldest
        FROM route
        JOIN application USING (application_id)
        JOIN unrouted USING (application_id, account_id)
        GROUP BY unrouted.request_id
        ORDER BY oldest
        LIMIT $1
    ) AS routed
    JOIN webhook_request ON webhook_request.id = routed.request_id
    WINDOW oldest_first AS (ORDER BY routed.oldest, routed.request_id)
) AS counted
WHERE place = 1 OR bytes <= $2
ORDER BY place
