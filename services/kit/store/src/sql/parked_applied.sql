UPDATE parked SET replayed_at = clock_timestamp()
WHERE source = $1 AND event_id = ANY ($2::uuid[]) AND replayed_at IS NULL
