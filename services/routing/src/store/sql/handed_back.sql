-- Nothing is left to go back.
UPDATE member SET handing_back = false
WHERE organization_id = $1 AND member_id = $2 AND handing_back
