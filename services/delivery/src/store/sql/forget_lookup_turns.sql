-- Some of those that ended long enough ago.
DELETE FROM lookup_turn AS t
USING (
    SELECT organization_id, item_id FROM lookup_turn
    WHERE ended AND due <= clock_timestamp()
    ORDER BY due LIMIT $1
    FOR UPDATE SKIP LOCKED
) AS old
WHERE t.organization_id = old.organization_id AND t.item_id = old.item_id
RETURNING t.organization_id, t.item_id
