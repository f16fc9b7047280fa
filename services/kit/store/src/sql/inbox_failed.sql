INSERT INTO inbox_attempt AS kept (reader, event_id, attempts)
SELECT $1, event_id, 1 FROM unnest($2::uuid[]) AS failed (event_id) GROUP BY event_id ORDER BY event_id
ON CONFLICT (reader, event_id) DO UPDATE SET attempts = kept.attempts + 1, failed_at = clock_timestamp()
RETURNING event_id, attempts
