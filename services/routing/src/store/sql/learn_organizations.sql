-- Organizations whose work the sweep looks at.
INSERT INTO planner_mark (organization_id, mark)
SELECT organization_id, 0 FROM unnest($1::uuid[]) AS told (organization_id)
ORDER BY organization_id
ON CONFLICT (organization_id) DO NOTHING
