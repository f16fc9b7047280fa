-- Folds the deltas of the declared organizations into their totals.
WITH gone AS (
    DELETE FROM count_delta WHERE organization_id = ANY ($1::uuid[])
    RETURNING organization_id, state, resolved_on, channel_ids, amount
), sums AS (
    SELECT organization_id, state, COALESCE(resolved_on, 'epoch'::date) AS resolved_on,
        channel_ids, sum(amount)::bigint AS amount
    FROM gone
    GROUP BY 1, 2, 3, 4
)
INSERT INTO count_total AS known (organization_id, state, resolved_on, channel_ids, amount)
SELECT organization_id, state, resolved_on, channel_ids, amount FROM sums WHERE amount <> 0
ORDER BY organization_id, state, resolved_on, channel_ids
ON CONFLICT (organization_id, state, resolved_on, channel_ids) DO UPDATE SET
    amount = known.amount + EXCLUDED.amount
