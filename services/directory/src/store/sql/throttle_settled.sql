SELECT throttle_key, settled_at FROM sign_in_throttle WHERE throttle_key = ANY ($1::bytea[])
