DELETE FROM session WHERE session_digest = $1
