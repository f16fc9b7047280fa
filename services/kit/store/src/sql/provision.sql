DO $roles$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY[
        'guichet_{schema}_owner', 'guichet_{schema}', 'guichet_{schema}_relay',
        'guichet_{schema}_definer'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I', role);
        END IF;
    END LOOP;
END
$roles$;

ALTER ROLE guichet_{schema} {login};
ALTER ROLE guichet_{schema}_relay {relay_login};

-- A forgotten transaction must not hold locks, a runaway statement must not hold a connection.
ALTER ROLE guichet_{schema} SET search_path = {schema};
ALTER ROLE guichet_{schema} SET statement_timeout = '30s';
ALTER ROLE guichet_{schema} SET idle_in_transaction_session_timeout = '60s';
-- Every statement is short: compiling one would take longer than running it.
ALTER ROLE guichet_{schema} SET jit = off;
ALTER ROLE guichet_{schema}_relay SET jit = off;
ALTER ROLE guichet_{schema}_relay SET search_path = {schema};
ALTER ROLE guichet_{schema}_relay SET statement_timeout = '30s';
ALTER ROLE guichet_{schema}_relay SET idle_in_transaction_session_timeout = '60s';
-- The relay's tables swing between empty and a hundred thousand rows, so the planner's
-- statistics of them are always wrong; each of its queries has an index to walk, for a bounded
-- number of rows.
ALTER ROLE guichet_{schema}_relay SET enable_seqscan = off;
ALTER ROLE guichet_{schema}_relay SET enable_bitmapscan = off;
ALTER ROLE guichet_{schema}_relay SET enable_hashjoin = off;
ALTER ROLE guichet_{schema}_relay SET enable_mergejoin = off;

-- Whoever migrates acts as the owner.
GRANT guichet_{schema}_owner TO CURRENT_USER;
CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION guichet_{schema}_owner;
GRANT USAGE ON SCHEMA {schema} TO guichet_{schema}, guichet_{schema}_relay;
-- Functions that have to see past row-level security belong to a role that logs in nowhere and may
-- only what their migration grants it.
GRANT guichet_{schema}_definer TO CURRENT_USER;
GRANT USAGE ON SCHEMA {schema} TO guichet_{schema}_definer;
ALTER DEFAULT PRIVILEGES FOR ROLE guichet_{schema}_owner IN SCHEMA {schema}
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO guichet_{schema};
ALTER DEFAULT PRIVILEGES FOR ROLE guichet_{schema}_owner IN SCHEMA {schema}
    GRANT USAGE, SELECT ON SEQUENCES TO guichet_{schema};
