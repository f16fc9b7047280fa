-- A member's drafts, the newest first ($1 organization, $2 member, $3 limit).
SELECT conversation_id, mode, body, kind, channel_id, in_reply_to, shorten_links, written_at, rev
FROM draft
WHERE organization_id = $1 AND member_id = $2 AND body IS NOT NULL
ORDER BY written_at DESC, conversation_id, mode
LIMIT $3
