-- What a client's key brought about for a conversation ($1 organization, $2 key, $3 conversation,
-- $4 what was asked, $5 now, $6 the answer); what is too old to be asked for again goes ($7).
WITH forgotten AS (
    DELETE FROM outcome AS o
    WHERE (o.organization_id, o.key, o.conversation_id) IN (
        SELECT old.organization_id, old.key, old.conversation_id FROM outcome AS old
        WHERE old.organization_id = $1 AND old.at < $7
        ORDER BY old.at
        LIMIT 20
        FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO outcome (organization_id, key, conversation_id, asked, at, answer)
VALUES ($1, $2, $3, $4, $5, $6)
