UPDATE outbox_floor SET is_current = false WHERE is_current AND incarnation <> $1
