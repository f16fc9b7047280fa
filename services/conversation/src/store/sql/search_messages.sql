-- Messages that have what is looked for, the newest first ($1 organization, $2 patterns, $3 channels
-- that do not count, $4 and $5 where the page begins, $6 how many, $7 an index knows a word).
SELECT message_id, conversation_id, network_time
FROM search_messages($1::uuid, $2::text[], $3::uuid[], $4::timestamptz, $5::uuid, $6, $7)
