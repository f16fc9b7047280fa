-- What a callback address belongs to. Outside row-level security: an application may belong to
-- the whole installation, and it is looked up before any organization is known.
CREATE TABLE application (
    application_id uuid PRIMARY KEY,
    network text NOT NULL,
    organization_id uuid,
    simulated boolean NOT NULL,
    version bigint NOT NULL,
    permalink_base text NOT NULL,
    -- The secrets of sealed_version, sealed with this service's own key; NULL until fetched.
    sealed bytea,
    sealed_version bigint,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Which channel an account of an application is. Outside row-level security: it is what tells
-- the organization of an item.
CREATE TABLE route (
    application_id uuid NOT NULL,
    account_id text NOT NULL,
    channel_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    connected_at timestamptz NOT NULL,
    version bigint NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (application_id, account_id)
);

-- Every webhook that was answered 2xx, byte for byte, with what became of its items. Outside
-- row-level security: one body may carry items of several organizations, and of none.
CREATE TABLE webhook_request (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL,
    network text NOT NULL,
    received_at timestamptz NOT NULL,
    body bytea NOT NULL,
    -- One object for each item, in the order of the body; no customer's words.
    outcomes jsonb NOT NULL
);
CREATE INDEX webhook_request_received_at ON webhook_request USING brin (received_at);

-- Every statement that was received for a channel, once.
CREATE TABLE item (
    organization_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    external_id text NOT NULL,
    aspect text NOT NULL,
    version text NOT NULL,
    id uuid NOT NULL,
    request_id uuid NOT NULL,
    position integer NOT NULL,
    -- The event that carried it on; NULL while it waits for its author.
    event_id uuid,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, channel_id, external_id, aspect, version)
);
CREATE INDEX item_waiting ON item (organization_id, id) WHERE event_id IS NULL;
SELECT isolate('item');

-- Items of accounts that nobody has connected yet. Outside row-level security: they have no
-- organization.
CREATE TABLE unrouted (
    item_id uuid PRIMARY KEY,
    application_id uuid NOT NULL,
    account_id text NOT NULL,
    request_id uuid NOT NULL,
    position integer NOT NULL,
    kept_at timestamptz NOT NULL
);
CREATE INDEX unrouted_account ON unrouted (application_id, account_id, item_id);
