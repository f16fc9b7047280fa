DELETE FROM timer
USING unnest($2::uuid[], $3::uuid[]) AS disarmed (organization_id, aggregate_id)
WHERE timer.organization_id = disarmed.organization_id
    AND timer.kind = $1
    AND timer.aggregate_id = disarmed.aggregate_id
