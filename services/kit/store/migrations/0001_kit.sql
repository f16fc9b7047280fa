-- The kit's own tables, the same in every service's schema. {schema} is the schema's name.

-- Forces row-level security on a table with an organization. Every such table calls it in the
-- migration that creates the table.
CREATE FUNCTION isolate(isolated regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', isolated);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', isolated);
    EXECUTE format(
        'CREATE POLICY isolation ON %s '
        'USING (organization_id = ANY ((SELECT NULLIF(current_setting(''guichet.organizations'', true), ''''))::uuid[])) '
        'WITH CHECK (organization_id = ANY ((SELECT NULLIF(current_setting(''guichet.organizations'', true), ''''))::uuid[]))',
        isolated
    );
END
$$;
REVOKE EXECUTE ON FUNCTION isolate(regclass) FROM PUBLIC;

-- Events on their way out: payload rows are append-only until the floor has passed them.
-- Outside row-level security: the relay publishes every organization's.
CREATE TABLE outbox (
    event_id uuid PRIMARY KEY,
    organization_id uuid,
    subject text NOT NULL,
    network text NOT NULL,
    lane smallint NOT NULL CHECK (lane BETWEEN 0 AND 15),
    payload bytea NOT NULL,
    occurred_at timestamptz NOT NULL,
    trace text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What is still to be published; small, and the part that is updated and deleted all the time.
CREATE TABLE outbox_pending (
    event_id uuid PRIMARY KEY,
    network text NOT NULL,
    lane smallint NOT NULL
) WITH (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX outbox_pending_turn ON outbox_pending (network, lane, event_id);

-- At which sequence of which incarnation of the stream an event was acknowledged.
CREATE TABLE outbox_sequence (
    incarnation uuid NOT NULL,
    sequence bigint NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (incarnation, sequence)
);

-- The confirmed floor of the current incarnation, and of former ones until their rows are gone.
CREATE TABLE outbox_floor (
    incarnation uuid PRIMARY KEY,
    confirmed bigint NOT NULL DEFAULT 0,
    confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    is_current boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX outbox_floor_current ON outbox_floor (is_current) WHERE is_current;

-- Events applied, by reader. Outside row-level security: a batch is matched before its
-- organizations are trusted.
CREATE TABLE inbox (
    reader text NOT NULL,
    event_id uuid NOT NULL,
    admitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (reader, event_id)
);
CREATE INDEX inbox_admitted_at ON inbox USING brin (admitted_at);

-- Failed attempts at events that are neither applied nor parked yet.
CREATE TABLE inbox_attempt (
    reader text NOT NULL,
    event_id uuid NOT NULL,
    attempts integer NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (reader, event_id)
);

-- Events that refer to something not yet known.
CREATE TABLE waiting (
    organization_id uuid NOT NULL,
    key text NOT NULL,
    event_id uuid NOT NULL,
    payload bytea NOT NULL,
    occurred_at timestamptz NOT NULL,
    trace text,
    kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (organization_id, key, event_id)
);
SELECT isolate('waiting');

-- What could not be read or applied. Outside row-level security: its organization may be the
-- very thing that cannot be trusted.
CREATE TABLE parked (
    id uuid PRIMARY KEY,
    source text NOT NULL,
    event_id uuid,
    organization_id uuid,
    subject text NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    payload bytea NOT NULL,
    trace text,
    replayable boolean NOT NULL,
    unknown_to integer,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    replayed_at timestamptz
);
CREATE UNIQUE INDEX parked_event ON parked (source, event_id);
CREATE INDEX parked_unknown ON parked (source, id) WHERE unknown_to IS NOT NULL AND replayed_at IS NULL;

-- Decisions to wake later, one for each kind and aggregate. Outside row-level security: the
-- runner looks for what is due in every organization.
CREATE TABLE timer (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    kind text NOT NULL,
    aggregate_id uuid NOT NULL,
    version bigint NOT NULL,
    due timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    UNIQUE (organization_id, kind, aggregate_id)
);
CREATE INDEX timer_due ON timer (due, id);

-- The service only adds to its outbox; the relay alone reads and empties it.
REVOKE ALL ON outbox, outbox_pending, outbox_sequence, outbox_floor, migration FROM guichet_{schema};
GRANT INSERT ON outbox, outbox_pending TO guichet_{schema};
GRANT SELECT ON migration TO guichet_{schema};
GRANT SELECT, DELETE ON outbox TO guichet_{schema}_relay;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_pending, outbox_sequence, outbox_floor TO guichet_{schema}_relay;
