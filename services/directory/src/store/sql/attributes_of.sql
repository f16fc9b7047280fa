SELECT organization_id, attribute_id, key, name, type, choices, shown, version
FROM contact_attribute
WHERE organization_id = ANY ($1::uuid[]) AND archived_at IS NULL
ORDER BY organization_id, position, attribute_id
