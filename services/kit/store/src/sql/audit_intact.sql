-- The first number whose digest or place is not what it must be; none when the chain is whole.
SELECT min(number) AS broken
FROM (
    SELECT
        kept.number,
        kept.number = row_number() OVER chain
            AND kept.hash = audit_hash(coalesce(lag(kept.hash) OVER chain, ''::bytea), kept)
            AS is_whole
    FROM audit AS kept
    WHERE kept.organization_id = $1
    WINDOW chain AS (ORDER BY kept.number)
) AS checked
WHERE NOT is_whole
