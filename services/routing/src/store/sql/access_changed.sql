-- Those of these organizations where somebody may have lost access a moment ago.
SELECT organization_id FROM access_changed
WHERE organization_id = ANY ($1::uuid[]) ORDER BY organization_id
