-- Links of one reply and their codes, but for places that have a link already. A link of another
-- provider has a short address of its own, and a code that leads nowhere.
WITH asked AS (
    SELECT * FROM unnest($5::uuid[], $6::text[], $7::text[], $8::smallint[], $9::text[])
        AS asked (link_id, code, address, ordinal, short_url)
),
added AS (
    INSERT INTO link (organization_id, link_id, code, address, conversation_id, reply_key,
                      ordinal, created_at, short_url)
    SELECT $1, link_id, code, address, $2, $3, ordinal, $4, short_url FROM asked
    ON CONFLICT (organization_id, reply_key, ordinal) DO NOTHING
    RETURNING link_id, code, address, short_url
)
INSERT INTO link_code (code, organization_id, link_id, address)
SELECT code, $1, link_id, address FROM added WHERE short_url IS NULL
