-- What ingest wants to know: who wrote an item whose network did not say, or named nobody. One row
-- for each item, kept for a while with how it ended. Whoever it is, is told and not kept.
CREATE TABLE lookup (
    organization_id uuid NOT NULL,
    item_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    network text NOT NULL,
    -- The message, as its network names it, and what it is.
    external_id text NOT NULL,
    kind text NOT NULL,
    -- The author's id at the network, where it was given without a name; empty if not.
    author_id text NOT NULL,
    -- What the author's id belongs to.
    scope text NOT NULL,
    -- How often it was put off.
    tries integer NOT NULL DEFAULT 0,
    -- Why it waits, or how it ended; empty until it was tried.
    reason text NOT NULL DEFAULT '',
    asked_at timestamptz NOT NULL,
    ended_at timestamptz,
    -- W3C traceparent of what asked for it.
    trace text,
    PRIMARY KEY (organization_id, item_id)
);
SELECT isolate('lookup');

-- When each is looked at next: one that is being made, at the end of its lease; one that ended, to
-- be forgotten. Outside row-level security: a worker looks for what it may do in every
-- organization. Ids and moments only.
CREATE TABLE lookup_turn (
    organization_id uuid NOT NULL,
    item_id uuid NOT NULL,
    network text NOT NULL,
    channel_id uuid NOT NULL,
    due timestamptz NOT NULL,
    ended boolean NOT NULL DEFAULT false,
    PRIMARY KEY (organization_id, item_id)
);
CREATE INDEX lookup_turn_open ON lookup_turn (network, channel_id, due) WHERE NOT ended;
CREATE INDEX lookup_turn_ended ON lookup_turn (due) WHERE ended;
