-- Statistics to begin with. Without any, the planner of queries takes the organization for as
-- selective as the rest of a key, and statements planned while the tables are empty walk a whole
-- organization for each row that they look up, until the first automatic ANALYZE. So: some rows of
-- four equally large organizations, ANALYZE, and away with them; the statistics stay until real
-- ones replace them. A target of 1 keeps the four from being remembered by name; the thresholds
-- keep autovacuum from looking at the tables while they are empty, after which the planner would
-- believe that they stay so.
SELECT set_config('guichet.organizations', (
    SELECT array_agg(md5(n::text)::uuid)::text FROM generate_series(0, 3) AS n
), true);
INSERT INTO member (
    organization_id, member_id, roles, directory_epoch, availability, since, availability_epoch,
    ever_chosen, load, capacity, hard_limit
)
SELECT
    md5((n % 4)::text)::uuid, md5(n::text)::uuid, 1, 1, 1 + n % 2, now(), 1, true, n % 5, 5, 10
FROM generate_series(1, 2000) AS n;
-- One in ten waits, one in ten is New and owned.
INSERT INTO conversation (
    organization_id, conversation_id, rev, state, waiting_since, channel_ids, class, decision,
    owner_member_id, epoch
)
SELECT
    md5((n % 4)::text)::uuid, gen_random_uuid(), n,
    CASE WHEN n % 20 < 4 THEN 1 WHEN n % 20 < 8 THEN 2 ELSE 3 END,
    CASE WHEN n % 20 < 4 THEN now() - n * interval '1 minute' END, '{}', n % 7, 0,
    CASE WHEN n % 20 IN (2, 3, 4, 5) THEN md5((n % 500)::text)::uuid END, 1
FROM generate_series(1, 4000) AS n;
INSERT INTO explanation (
    organization_id, decision_id, conversation_id, at, outcome, epoch, policy_version, candidates
)
SELECT
    md5((n % 4)::text)::uuid, gen_random_uuid(), md5((n / 8)::text)::uuid, now(), 'assigned',
    n % 4, 1, repeat('x', 500)
FROM generate_series(1, 4000) AS n;
DO $statistics$
DECLARE
    filled regclass;
BEGIN
    FOREACH filled IN ARRAY ARRAY['member', 'conversation', 'explanation']::regclass[] LOOP
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
