INSERT INTO application AS known (application_id, version, permalink_base)
SELECT DISTINCT ON (application_id) *
FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS told (application_id, version, permalink_base)
ORDER BY application_id, version DESC
ON CONFLICT (application_id) DO UPDATE
SET version = excluded.version, permalink_base = excluded.permalink_base
WHERE excluded.version > known.version
