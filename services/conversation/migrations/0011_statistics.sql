-- Statistics to begin with, as in 0002 and for the same reasons, of the table that 0010 made.
SELECT set_config('guichet.organizations', (
    SELECT array_agg(md5(n::text)::uuid)::text FROM generate_series(0, 3) AS n
), true);
INSERT INTO draft
SELECT
    md5((n % 4)::text)::uuid, md5((n % 100)::text)::uuid, gen_random_uuid(), 1,
    CASE WHEN n % 2 = 0 THEN 'text' END, NULL, NULL, NULL, false,
    now() - n * interval '1 minute', 1
FROM generate_series(1, 2000) AS n;
ALTER TABLE draft ALTER COLUMN organization_id SET STATISTICS 1;
ANALYZE draft;
ALTER TABLE draft ALTER COLUMN organization_id SET STATISTICS -1;
TRUNCATE draft;
ALTER TABLE draft
    SET (autovacuum_analyze_threshold = 5000, autovacuum_vacuum_insert_threshold = 5000);
