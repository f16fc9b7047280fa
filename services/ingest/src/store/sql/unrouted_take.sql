DELETE FROM unrouted
USING route
WHERE unrouted.request_id = ANY ($1::uuid[])
    AND route.application_id = unrouted.application_id
    AND route.account_id = unrouted.account_id
RETURNING unrouted.item_id, unrouted.request_id, unrouted.position
