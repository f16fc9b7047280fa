WITH claimed AS (
    DELETE FROM timer
    WHERE id IN (
        SELECT id FROM timer WHERE id = ANY ($1::uuid[]) FOR UPDATE SKIP LOCKED
    )
    RETURNING id, kind, organization_id, aggregate_id, version, due
)
SELECT * FROM claimed ORDER BY due, id
