SELECT wanted, chosen, volume, rev FROM preference
WHERE organization_id = $1 AND member_id = $2 FOR UPDATE
