-- In the order of the key, so that two batches never wait for each other in a circle. A timer
-- armed by an older version of its aggregate does not replace a newer one's.
INSERT INTO timer AS kept (id, kind, organization_id, aggregate_id, version, due)
SELECT DISTINCT ON (organization_id, kind, aggregate_id)
    id, kind, organization_id, aggregate_id, version, due
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::bigint[], $6::timestamptz[])
    AS armed (id, kind, organization_id, aggregate_id, version, due)
ORDER BY organization_id, kind, aggregate_id, version DESC
ON CONFLICT (organization_id, kind, aggregate_id) DO UPDATE
SET id = excluded.id, version = excluded.version, due = excluded.due, attempts = 0
WHERE kept.version <= excluded.version
