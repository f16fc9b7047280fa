-- In the order of the ids, so that two batches never wait for each other in a circle.
INSERT INTO inbox (reader, event_id)
SELECT $1, event_id FROM unnest($2::uuid[]) AS arrived (event_id) GROUP BY event_id ORDER BY event_id
ON CONFLICT DO NOTHING
RETURNING event_id
