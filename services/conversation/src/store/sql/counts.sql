-- How many stand in each state ($1 organization): totals and what is not folded yet. Resolved ones
-- since $2; without those that came through the channels $3 alone.
SELECT state, sum(amount)::bigint AS amount
FROM (
    SELECT state, resolved_on, amount, channel_ids FROM count_total WHERE organization_id = $1
    UNION ALL
    SELECT state, resolved_on, amount, channel_ids FROM count_delta WHERE organization_id = $1
) AS counted
WHERE (state <> 3 OR resolved_on >= $2::date)
    AND ($3::uuid[] = '{}' OR NOT channel_ids <@ $3::uuid[])
GROUP BY state
