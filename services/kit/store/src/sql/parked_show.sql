SELECT * FROM parked WHERE id = $1
