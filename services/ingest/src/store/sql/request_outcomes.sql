SELECT outcomes::text AS outcomes FROM webhook_request WHERE id = $1
