-- Members who own New conversations, or whose work has still to go back.
SELECT organization_id, member_id, handing_back FROM member
WHERE organization_id = ANY ($1::uuid[]) AND (load > 0 OR handing_back)
ORDER BY organization_id, member_id
