-- A member's draft ($1 organization, $2 member, $3 conversation, $4 mode).
SELECT conversation_id, mode, body, kind, channel_id, in_reply_to, shorten_links, written_at, rev
FROM draft
WHERE organization_id = $1 AND member_id = $2 AND conversation_id = $3 AND mode = $4
    AND body IS NOT NULL
