UPDATE parked SET replayed_at = clock_timestamp() WHERE id = ANY ($1::uuid[]) AND replayed_at IS NULL
