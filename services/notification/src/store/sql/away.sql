SELECT organization_id, member_id FROM availability
WHERE organization_id = ANY ($1::uuid[]) AND away
