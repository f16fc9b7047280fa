INSERT INTO organization (organization_id, language)
SELECT * FROM unnest($1::uuid[], $2::text[])
ON CONFLICT (organization_id) DO UPDATE SET language = excluded.language
