DELETE FROM sign_in_throttle WHERE settled_at < $1
