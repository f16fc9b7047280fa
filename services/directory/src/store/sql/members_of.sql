SELECT organization_id, member_id, login, display_name, roles, password_hash, session_epoch,
       created_at, deactivated, version
FROM member
WHERE organization_id = ANY ($1::uuid[])
ORDER BY organization_id, member_id
