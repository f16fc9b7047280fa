-- One attempt to have a network do something in an account's name: to send a reply, or to delete
-- a message. One row for each deliberate try.
CREATE TABLE attempt (
    organization_id uuid NOT NULL,
    message_id uuid NOT NULL,
    -- 1 send, 2 delete.
    action smallint NOT NULL CHECK (action IN (1, 2)),
    attempt integer NOT NULL CHECK (attempt > 0),
    conversation_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    network text NOT NULL,
    -- 1 queued, 2 waiting, 3 sending, 4 sent (or deleted), 5 failed, 6 unknown.
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 6),
    -- Grows by one with every lease: whoever holds an older one may do nothing any more.
    fence bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    -- Written before the first byte leaves, and taken back only when none did.
    first_byte_at timestamptz,
    -- How often the network made it wait.
    tries integer NOT NULL DEFAULT 0,
    -- What it waits for, as told to people; NULL unless waiting.
    waits_until timestamptz,
    wait_reason text,
    -- What is sent; to_external_id is what it answers, or what is to be deleted. The text is blank
    -- once nothing has to be recognised by it any more.
    kind text NOT NULL,
    text text NOT NULL,
    recipient text NOT NULL,
    to_external_id text NOT NULL,
    to_kind text NOT NULL,
    last_private_inbound_at timestamptz,
    -- Of what was sent, once the network has said so.
    external_id text,
    scope text NOT NULL DEFAULT '',
    permalink text NOT NULL DEFAULT '',
    network_time timestamptz,
    -- The network's last HTTP status.
    status integer,
    failure_code text NOT NULL DEFAULT '',
    failure text NOT NULL DEFAULT '',
    retryable boolean NOT NULL DEFAULT false,
    queued_at timestamptz NOT NULL,
    settled_at timestamptz,
    -- answer, lease, echo, person.
    settled_by text,
    -- W3C traceparent of what queued it.
    trace text,
    PRIMARY KEY (organization_id, message_id, action, attempt),
    CHECK (state <> 3 OR lease_until IS NOT NULL),
    CHECK (state <> 5 OR text = ''),
    CHECK (external_id IS NULL OR text = '')
);
-- Echoes look here for what they may be of.
CREATE INDEX attempt_open ON attempt (organization_id, channel_id, first_byte_at) WHERE state IN (3, 6);
CREATE INDEX attempt_external ON attempt (organization_id, channel_id, external_id) WHERE external_id IS NOT NULL;
SELECT isolate('attempt');

-- When each unsettled attempt is looked at next: one that is leased, at the end of its lease; any
-- other, when it may be made. Outside row-level security: a worker looks for what it may do in
-- every organization. Ids and moments only.
CREATE TABLE turn (
    organization_id uuid NOT NULL,
    message_id uuid NOT NULL,
    action smallint NOT NULL,
    attempt integer NOT NULL,
    network text NOT NULL,
    channel_id uuid NOT NULL,
    due timestamptz NOT NULL,
    leased boolean NOT NULL DEFAULT false,
    leased_at timestamptz,
    -- It waits for a limit or for the account: so would whatever stands behind it.
    held boolean NOT NULL DEFAULT false,
    -- Its line: what was queued first leaves first, in private and in public.
    conversation_id uuid NOT NULL,
    private boolean NOT NULL,
    queued_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, message_id, action, attempt)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
CREATE INDEX turn_ready ON turn (network, channel_id, due, message_id) WHERE NOT leased;
CREATE INDEX turn_due ON turn (network, due) WHERE NOT leased;
CREATE INDEX turn_busy ON turn (network, channel_id) WHERE leased;
CREATE INDEX turn_line ON turn (organization_id, conversation_id, private, queued_at);
CREATE INDEX turn_expiring ON turn (due) WHERE leased;

-- Registrations at networks, as directory tells them. Outside row-level security: one may belong
-- to the whole installation.
CREATE TABLE application (
    application_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    permalink_base text NOT NULL
);

-- Connected accounts, as directory tells them; the greatest version stands.
CREATE TABLE channel (
    organization_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    application_id uuid NOT NULL,
    network text NOT NULL,
    account_id text NOT NULL,
    handle text NOT NULL,
    api_base text NOT NULL,
    simulated boolean NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
);
SELECT isolate('channel');

-- What the networks still take, by application and by account. Outside row-level security: an
-- application's limits are shared by the accounts of several organizations. Numbers only.
CREATE TABLE budget (
    -- An application or a channel.
    holder_id uuid NOT NULL,
    -- The sort of call that it bounds; empty: every sort.
    call text NOT NULL,
    name text NOT NULL,
    -- The stable code shown while it is used up.
    reason text NOT NULL,
    allowed integer NOT NULL,
    remaining integer NOT NULL,
    -- Whether we count it ourselves, call by call.
    counted boolean NOT NULL,
    resets_at timestamptz NOT NULL,
    PRIMARY KEY (holder_id, call, name)
);
CREATE INDEX budget_resets_at ON budget (resets_at);
