-- Statistics to begin with, as in 0002 and for the same reasons, of the tables that 0003 made.
SELECT set_config('guichet.organizations', (
    SELECT array_agg(md5(n::text)::uuid)::text FROM generate_series(0, 3) AS n
), true);
INSERT INTO outcome
SELECT md5((n % 4)::text)::uuid, n::text, '', now() - n * interval '1 minute', ''
FROM generate_series(1, 2000) AS n;
INSERT INTO member
SELECT md5((n % 4)::text)::uuid, gen_random_uuid(), 1, now() FROM generate_series(1, 2000) AS n;
INSERT INTO channel
SELECT md5((n % 4)::text)::uuid, gen_random_uuid(), 1 + n % 2, n::text, '', '{}', 1
FROM generate_series(1, 2000) AS n;
DO $statistics$
DECLARE
    filled regclass;
BEGIN
    FOREACH filled IN ARRAY ARRAY['outcome', 'member', 'channel']::regclass[] LOOP
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
