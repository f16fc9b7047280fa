-- A page of the organizations of the installation.
SELECT organization_id FROM planner_mark
WHERE organization_id > $1 ORDER BY organization_id LIMIT $2
