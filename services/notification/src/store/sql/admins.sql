SELECT organization_id, member_id FROM member
WHERE organization_id = ANY ($1::uuid[]) AND is_admin AND is_active
