-- Folds the deltas of the declared organizations into their totals. A total of nothing goes: there
-- is a place for every state, day and set of channels, and most of them are empty in the end. No
-- row is both written and deleted here.
WITH gone AS (
    DELETE FROM count_delta WHERE organization_id = ANY ($1::uuid[])
    RETURNING organization_id, state, resolved_on, channel_ids, amount
), sums AS (
    SELECT organization_id, state, COALESCE(resolved_on, 'epoch'::date) AS resolved_on,
        channel_ids, sum(amount)::bigint AS amount
    FROM gone
    GROUP BY 1, 2, 3, 4
    HAVING sum(amount) <> 0
), emptied AS (
    DELETE FROM count_total AS t
    USING sums
    WHERE t.organization_id = sums.organization_id AND t.state = sums.state
        AND t.resolved_on = sums.resolved_on AND t.channel_ids = sums.channel_ids
        AND t.amount + sums.amount = 0
    RETURNING t.organization_id, t.state, t.resolved_on, t.channel_ids
)
INSERT INTO count_total AS known (organization_id, state, resolved_on, channel_ids, amount)
SELECT organization_id, state, resolved_on, channel_ids, amount FROM sums
WHERE NOT EXISTS (
    SELECT FROM emptied
    WHERE emptied.organization_id = sums.organization_id AND emptied.state = sums.state
        AND emptied.resolved_on = sums.resolved_on AND emptied.channel_ids = sums.channel_ids
)
ORDER BY organization_id, state, resolved_on, channel_ids
ON CONFLICT (organization_id, state, resolved_on, channel_ids) DO UPDATE SET
    amount = known.amount + EXCLUDED.amount
