UPDATE session SET seen_at = $2 WHERE session_digest = $1 AND seen_at < $2
