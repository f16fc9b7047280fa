UPDATE application
SET sealed = $2, sealed_version = $3, changed_at = clock_timestamp()
WHERE application_id = $1 AND (sealed_version IS NULL OR sealed_version < $3)
