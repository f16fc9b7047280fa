-- Links of one reply and their codes, but for places that have a link already.
WITH asked AS (
    SELECT * FROM unnest($5::uuid[], $6::text[], $7::text[], $8::smallint[])
        AS asked (link_id, code, address, ordinal)
),
added AS (
    INSERT INTO link (organization_id, link_id, code, address, conversation_id, reply_key,
                      ordinal, created_at)
    SELECT $1, link_id, code, address, $2, $3, ordinal, $4 FROM asked
    ON CONFLICT (organization_id, reply_key, ordinal) DO NOTHING
    RETURNING link_id, code, address
)
INSERT INTO link_code (code, organization_id, link_id, address)
SELECT code, $1, link_id, address FROM added
