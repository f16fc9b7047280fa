-- What a client's key brought about ($1 organization, $2 key, $3 what was asked, $4 now, $5 the
-- answer); what is too old to be asked for again goes ($6).
WITH forgotten AS (
    DELETE FROM outcome AS o
    WHERE (o.organization_id, o.key) IN (
        SELECT old.organization_id, old.key FROM outcome AS old
        WHERE old.organization_id = $1 AND old.at < $6
        ORDER BY old.at
        LIMIT 20
    )
)
INSERT INTO outcome (organization_id, key, asked, at, answer) VALUES ($1, $2, $3, $4, $5)
