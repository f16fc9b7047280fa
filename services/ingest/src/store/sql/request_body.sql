SELECT body FROM webhook_request WHERE id = $1
