-- The use of those that were last seen before $3 is written down: an open socket is a use.
WITH alive AS (
    SELECT session_digest, seen_at
    FROM session
    WHERE session_digest = ANY ($1::bytea[]) AND created_at > $4
), touched AS (
    UPDATE session
    SET seen_at = $2
    FROM alive
    WHERE session.session_digest = alive.session_digest AND alive.seen_at < $3
)
SELECT session_digest FROM alive
