SELECT organization_id, member_id, epoch, created_at, seen_at
FROM session
WHERE session_digest = $1
