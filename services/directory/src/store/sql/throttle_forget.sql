DELETE FROM sign_in_throttle WHERE throttle_key = $1
