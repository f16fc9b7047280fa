-- Each with whether its digest follows from the entry before it, which must be there.
SELECT kept.number, kept.at, kept.member_id, kept.service, kept.act, kept.subject,
       kept.detail::text AS detail, kept.hash,
       (kept.number = 1 OR earlier.number IS NOT NULL)
           AND kept.hash = audit_hash(coalesce(earlier.hash, ''::bytea), kept.entry) AS is_whole
FROM (
    SELECT listed.*, listed AS entry FROM audit AS listed
    WHERE listed.organization_id = $1 AND ($2 = 0 OR listed.number < $2)
    ORDER BY listed.number DESC
    LIMIT $3
) AS kept
LEFT JOIN audit AS earlier ON earlier.organization_id = $1 AND earlier.number = kept.number - 1
ORDER BY kept.number DESC
