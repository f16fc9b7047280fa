DELETE FROM inbox_attempt WHERE reader = $1 AND event_id = ANY ($2::uuid[])
