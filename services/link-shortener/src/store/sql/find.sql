SELECT organization_id, link_id, address, disabled FROM link_code WHERE code = $1
