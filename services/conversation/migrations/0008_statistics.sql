-- Statistics to begin with, as in 0002 and for the same reasons, of the tables that 0007 made.
SELECT set_config('guichet.organizations', (
    SELECT array_agg(md5(n::text)::uuid)::text FROM generate_series(0, 3) AS n
), true);
INSERT INTO note
SELECT
    md5((n % 4)::text)::uuid, gen_random_uuid(), md5((n / 8)::text)::uuid, gen_random_uuid(),
    gen_random_uuid(), repeat('x', 80), now() - n * interval '1 minute', NULL, NULL, 1
FROM generate_series(1, 2000) AS n;
INSERT INTO note_version
SELECT md5((n % 4)::text)::uuid, md5((n / 8)::text)::uuid, n, now(), gen_random_uuid(), ''
FROM generate_series(1, 2000) AS n;
INSERT INTO action
SELECT
    md5((n % 4)::text)::uuid, gen_random_uuid(), md5((n / 8)::text)::uuid, 1 + n % 5, n, true,
    gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now(), 1, NULL, NULL, NULL, NULL, NULL,
    NULL, 1
FROM generate_series(1, 2000) AS n;
INSERT INTO contact_attribute
SELECT
    md5((n % 4)::text)::uuid, md5((n / 8)::text)::uuid, gen_random_uuid(), n::text, 1, 1, NULL,
    now()
FROM generate_series(1, 2000) AS n;
DO $statistics$
DECLARE
    filled regclass;
BEGIN
    FOREACH filled IN ARRAY ARRAY['note', 'note_version', 'action', 'contact_attribute']::regclass[]
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN organization_id SET STATISTICS 1', filled);
        EXECUTE format('ANALYZE %s', filled);
        EXECUTE format('ALTER TABLE %s ALTER COLUMN organization_id SET STATISTICS -1', filled);
        EXECUTE format('TRUNCATE %s', filled);
        EXECUTE format(
            'ALTER TABLE %s SET (autovacuum_analyze_threshold = 5000, '
            'autovacuum_vacuum_insert_threshold = 5000)',
            filled
        );
    END LOOP;
END
$statistics$;
