WITH taken AS (
    DELETE FROM waiting
    USING unnest($1::uuid[], $2::text[]) AS wanted (organization_id, key)
    WHERE waiting.organization_id = wanted.organization_id AND waiting.key = wanted.key
    RETURNING
        waiting.organization_id, waiting.key, waiting.event_id, waiting.payload,
        waiting.occurred_at, waiting.trace
)
SELECT organization_id, key, event_id, payload, occurred_at, trace
FROM taken
ORDER BY occurred_at, event_id
