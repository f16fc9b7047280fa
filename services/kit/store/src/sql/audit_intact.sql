-- Entries behind number $2, whose digest is $3, $4 of them at most: the first whose digest or place
-- is not what it must be, and where the next step begins. Rows are dense: a gap is as wide as a
-- range may be, so that the range begins at the first that is there.
WITH walked AS (
    SELECT
        kept.number,
        kept.hash,
        kept.number = $2 + row_number() OVER chain
            AND kept.hash = audit_hash(coalesce(lag(kept.hash) OVER chain, $3), kept) AS is_whole
    FROM audit AS kept
    WHERE kept.organization_id = $1
      AND kept.number > $2
      AND kept.number < $4 + (
          SELECT min(number) FROM audit WHERE organization_id = $1 AND number > $2
      )
    WINDOW chain AS (ORDER BY kept.number)
)
SELECT min(number) FILTER (WHERE NOT is_whole) AS broken, max(number) AS number,
       (array_agg(hash ORDER BY number DESC))[1] AS hash,
       $2 = 0 OR EXISTS (
           SELECT FROM audit WHERE organization_id = $1 AND number = $2 AND hash = $3
       ) AS is_there
FROM walked
