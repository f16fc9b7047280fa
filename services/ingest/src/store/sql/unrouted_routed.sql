SELECT unrouted.request_id, min(unrouted.item_id::text) AS oldest
FROM route
JOIN application USING (application_id)
JOIN unrouted USING (application_id, account_id)
GROUP BY unrouted.request_id
ORDER BY oldest
LIMIT $1
