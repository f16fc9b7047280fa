SELECT
    waiting.organization_id, waiting.event_id, waiting.payload, waiting.trace, waiting.subject,
    extract(epoch FROM clock_timestamp() - waiting.kept_at)::double precision AS waited
FROM unnest($2::uuid[], $3::uuid[]) AS claimed (organization_id, event_id)
JOIN waiting
    ON waiting.organization_id = claimed.organization_id
    AND waiting.key = 'reader ' || $1
    AND waiting.event_id = claimed.event_id
ORDER BY waiting.kept_at, waiting.event_id
