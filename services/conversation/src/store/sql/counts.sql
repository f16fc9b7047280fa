-- How many stand in each state: totals and what is not folded yet. Resolved ones since $2.
SELECT state, sum(amount)::bigint AS amount
FROM (
    SELECT state, resolved_on, amount FROM count_total WHERE organization_id = $1
    UNION ALL
    SELECT state, resolved_on, amount FROM count_delta WHERE organization_id = $1
) AS counted
WHERE state <> 3 OR resolved_on >= $2::date
GROUP BY state
