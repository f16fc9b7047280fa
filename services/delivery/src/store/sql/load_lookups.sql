-- These lookups, locked; those that have ended are left out.
SELECT
    l.organization_id, l.item_id, l.channel_id, l.network, l.external_id, l.kind, l.author_id,
    l.scope, l.tries, l.asked_at, l.trace
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, item_id)
CROSS JOIN LATERAL (
    SELECT * FROM lookup AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.item_id = wanted.item_id
        AND found.ended_at IS NULL
    FOR UPDATE
) AS l
