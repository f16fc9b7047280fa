-- What organizations want to know of their contacts ($1 organization, $2 version, $3 definitions
-- as literals): complete, the greatest version stands.
INSERT INTO attribute_list AS known (organization_id, version, definitions)
SELECT DISTINCT ON (organization_id) organization_id, version, definitions::jsonb
FROM unnest($1::uuid[], $2::bigint[], $3::text[])
    AS told (organization_id, version, definitions)
ORDER BY organization_id, version DESC
ON CONFLICT (organization_id) DO UPDATE SET
    version = EXCLUDED.version, definitions = EXCLUDED.definitions
WHERE known.version < EXCLUDED.version
