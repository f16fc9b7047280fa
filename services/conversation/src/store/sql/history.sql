-- The history of a conversation before a place ($4), newest first ($1 organization, $2
-- conversation, $3 how many), with the messages that came ($5) or without them.
SELECT sequence, at, kind, message_id, state_after, reason, detail
FROM conversation_history
WHERE organization_id = $1 AND conversation_id = $2 AND sequence < $4
    AND ($5 OR kind <> 'message')
ORDER BY sequence DESC
LIMIT $3
