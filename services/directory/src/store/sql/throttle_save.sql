INSERT INTO sign_in_throttle AS kept (throttle_key, settled_at)
SELECT throttle_key, settled_at
FROM unnest($1::bytea[], $2::timestamptz[]) AS given (throttle_key, settled_at)
ON CONFLICT (throttle_key) DO UPDATE SET settled_at = EXCLUDED.settled_at
