UPDATE outbox_floor SET confirmed = $2, confirmed_at = clock_timestamp()
WHERE incarnation = $1 AND confirmed < $2
