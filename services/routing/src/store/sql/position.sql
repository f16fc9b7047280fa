-- The place of a waiting conversation among all that wait, from 1.
SELECT count(*) + 1 AS position FROM conversation AS c
WHERE c.organization_id = $1 AND c.waiting
    AND (c.waiting_since, c.conversation_id) < ($2, $3)
