-- How many conversations wait in each of these organizations; those without any are left out.
SELECT asked.organization_id, found.waiting
FROM unnest($1::uuid[]) AS asked (organization_id)
CROSS JOIN LATERAL (
    SELECT count(*) AS waiting FROM conversation AS c
    WHERE c.organization_id = asked.organization_id AND c.waiting
) AS found
WHERE found.waiting > 0
