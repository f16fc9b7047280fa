DELETE FROM session WHERE organization_id = $1 AND member_id = $2 AND epoch < $3
