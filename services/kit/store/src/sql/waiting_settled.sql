WITH turns AS (
    DELETE FROM waiting_turn WHERE reader = $1 AND event_id = ANY ($3::uuid[])
)
DELETE FROM waiting
USING unnest($2::uuid[], $3::uuid[]) AS settled (organization_id, event_id)
WHERE waiting.organization_id = settled.organization_id
    AND waiting.key = 'reader ' || $1
    AND waiting.event_id = settled.event_id
