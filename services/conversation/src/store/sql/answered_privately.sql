-- Which of these messages were answered privately already, or are about to be ($1 organization,
-- $2 messages).
SELECT DISTINCT m.reply_to AS message_id FROM message AS m
WHERE m.organization_id = $1 AND m.reply_to = ANY ($2::uuid[]) AND m.kind = 1
    AND m.reply_state <> 4
