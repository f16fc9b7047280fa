-- Organizations whose work the sweep looks at; gives the transaction's id.
WITH learned AS (
    INSERT INTO planner_mark (organization_id, mark)
    SELECT organization_id, 0 FROM unnest($1::uuid[]) AS told (organization_id)
    ORDER BY organization_id
    ON CONFLICT (organization_id) DO NOTHING
)
SELECT pg_current_xact_id()::text AS transaction
