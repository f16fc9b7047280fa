-- Decisions too old to be asked for, a bounded number at a time.
DELETE FROM explanation WHERE organization_id = $1 AND decision_id IN (
    SELECT decision_id FROM explanation
    WHERE organization_id = $1 AND decision_id < $2 ORDER BY decision_id LIMIT $3
)
