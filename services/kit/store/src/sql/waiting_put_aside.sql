-- One that waits already keeps its turn and the moment since when it waits.
WITH kept AS (
    INSERT INTO waiting (organization_id, key, event_id, payload, occurred_at, trace, subject)
    VALUES ($2, 'reader ' || $1, $3, $4, clock_timestamp(), $5, $6)
    ON CONFLICT DO NOTHING
)
INSERT INTO waiting_turn (reader, event_id, organization_id, due)
VALUES ($1, $3, $2, clock_timestamp() + interval '1 second')
ON CONFLICT DO NOTHING
