-- Statistics to begin with. Without any, the planner takes the organization for as selective as
-- the rest of a key, and statements planned while the tables are empty walk a whole organization
-- for each row that they look up, until the first automatic ANALYZE. So: some rows of four equally
-- large organizations, ANALYZE, and away with them; the statistics stay until real ones replace
-- them. A target of 1 keeps the four from being remembered by name; the thresholds keep autovacuum
-- from looking at the tables while they are empty, after which the planner would believe that they
-- stay so. (A file of its own: a table that is emptied in the transaction that made it counts as
-- known to be empty, too.)
SELECT set_config('guichet.organizations', (
    SELECT array_agg(md5(n::text)::uuid)::text FROM generate_series(0, 3) AS n
), true);
INSERT INTO contact
SELECT md5((n % 4)::text)::uuid, gen_random_uuid(), n::text, n::text, '', now()
FROM generate_series(1, 2000) AS n;
INSERT INTO contact_identity
SELECT md5((n % 4)::text)::uuid, 1 + n % 2, '', n::text, gen_random_uuid(), gen_random_uuid()
FROM generate_series(1, 2000) AS n;
INSERT INTO conversation
SELECT
    md5((n % 4)::text)::uuid, gen_random_uuid(), md5((n / 8)::text)::uuid, gen_random_uuid(),
    1 + n % 2, n, 1, CASE WHEN n % 20 = 0 THEN 1 WHEN n % 20 < 4 THEN 2 ELSE 3 END, false, NULL,
    NULL, now(), CASE WHEN n % 20 >= 4 THEN now() - n * interval '1 minute' END, NULL, 0, 1, 2, 1,
    0, CASE WHEN n % 20 = 0 THEN now() - n * interval '1 minute' END, NULL, gen_random_uuid(),
    now() - n * interval '1 minute', n::text, 1, 1, '{}'
FROM generate_series(1, 2000) AS n;
INSERT INTO message
SELECT
    md5((n % 4)::text)::uuid, gen_random_uuid(), md5((n / 40)::text)::uuid,
    md5((n / 40)::text)::uuid, 1 + n % 2, '', n::text, n, 1, gen_random_uuid(),
    1 + n % 2, 1 + n % 6, false, '{}', now() - n * interval '1 minute', repeat('x', 80), 0, now(),
    false, false, '[]', '', NULL, NULL, '[]', false, false
FROM generate_series(1, 2000) AS n;
INSERT INTO message_version
SELECT md5((n % 4)::text)::uuid, gen_random_uuid(), 0, now(), ''
FROM generate_series(1, 2000) AS n;
INSERT INTO receipt
SELECT md5((n % 4)::text)::uuid, 1 + n % 2, '', n::text, gen_random_uuid(), now(), now()
FROM generate_series(1, 2000) AS n;
INSERT INTO conversation_history
SELECT md5((n % 4)::text)::uuid, md5((n / 20)::text)::uuid, n, now(), 'message', NULL, 1, '', '{}'
FROM generate_series(1, 2000) AS n;
DO $statistics$
DECLARE
    filled regclass;
BEGIN
    FOREACH filled IN ARRAY ARRAY[
        'contact', 'contact_identity', 'conversation', 'message', 'message_version', 'receipt',
        'conversation_history'
    ]::regclass[] LOOP
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
