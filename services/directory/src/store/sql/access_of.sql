SELECT channel_id, member_id, access
FROM channel_access
WHERE organization_id = ANY ($1::uuid[])
