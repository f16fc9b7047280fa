-- Contacts, conversations, messages, history and counts. Every table has an organization, which
-- leads every key, and is isolated by it.

-- Codes: network 1 x, 2 facebook; kind 1 private message, 2 comment, 3 reply, 4 mention, 5 post,
-- 6 quote; direction 1 inbound, 2 outbound; state 1 new, 2 pending, 3 resolved.

CREATE TABLE contact (
    organization_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    display_name text NOT NULL,
    handle text NOT NULL,
    avatar_url text NOT NULL,
    -- Network time of the message that said so; a later one stands.
    profile_as_of timestamptz,
    PRIMARY KEY (organization_id, contact_id)
);
SELECT isolate('contact');

-- Whom a network means; '?' and a thread where it does not say who.
CREATE TABLE contact_identity (
    organization_id uuid NOT NULL,
    network smallint NOT NULL,
    scope text NOT NULL,
    network_user_id text NOT NULL,
    identity_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    PRIMARY KEY (organization_id, network, scope, network_user_id)
);
CREATE UNIQUE INDEX contact_identity_id ON contact_identity (organization_id, identity_id);
SELECT isolate('contact_identity');

CREATE TABLE conversation (
    organization_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    network smallint NOT NULL,
    -- Its place among the conversations of its identity, from 1.
    ordinal integer NOT NULL,
    -- Grows by one with every transaction that changes the row.
    rev bigint NOT NULL,
    -- NULL for a signpost (absorbed_into).
    state smallint CHECK (state BETWEEN 1 AND 3),
    dormant boolean NOT NULL,
    absorbed_into uuid,
    previous_id uuid,
    opened_at timestamptz NOT NULL,
    resolved_at timestamptz,
    last_resolved_at timestamptz,
    seen_through bigint NOT NULL,
    last_sequence bigint NOT NULL,
    history_sequence bigint NOT NULL,
    message_count bigint NOT NULL,
    unseen_count integer NOT NULL,
    waiting_since timestamptz,
    newest_echo_at timestamptz,
    -- The newest message in network order; its time is the last activity. NULL for a signpost.
    last_message_id uuid,
    last_activity_at timestamptz,
    last_external_id text COLLATE "C",
    last_kind smallint,
    last_direction smallint,
    channel_ids uuid[] NOT NULL,
    PRIMARY KEY (organization_id, conversation_id),
    CHECK ((state IS NULL) = (absorbed_into IS NOT NULL)),
    CHECK ((state = 1) = (waiting_since IS NOT NULL)),
    CHECK ((state = 3) = (resolved_at IS NOT NULL))
) WITH (fillfactor = 80);
-- The backstop of the join rules: at most one that is not resolved.
CREATE UNIQUE INDEX conversation_unresolved
    ON conversation (organization_id, identity_id) WHERE state IN (1, 2);
CREATE UNIQUE INDEX conversation_identity ON conversation (organization_id, identity_id, ordinal);
-- The lists: New longest waiting first, the others last activity first.
CREATE INDEX conversation_new
    ON conversation (organization_id, waiting_since, conversation_id) WHERE state = 1;
CREATE INDEX conversation_pending
    ON conversation (organization_id, last_activity_at, conversation_id) WHERE state = 2;
CREATE INDEX conversation_all
    ON conversation (organization_id, last_activity_at, conversation_id) WHERE state IN (1, 2);
CREATE INDEX conversation_resolved
    ON conversation (organization_id, resolved_at, conversation_id) WHERE state = 3;
SELECT isolate('conversation');

CREATE TABLE message (
    organization_id uuid NOT NULL,
    message_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    network smallint NOT NULL,
    scope text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    -- In order of arrival, from 1; dense but for messages of history that arrived anew.
    sequence bigint NOT NULL,
    rev bigint NOT NULL,
    item_id uuid NOT NULL,
    direction smallint NOT NULL CHECK (direction BETWEEN 1 AND 2),
    kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 6),
    history boolean NOT NULL,
    channel_ids uuid[] NOT NULL,
    network_time timestamptz NOT NULL,
    body text NOT NULL,
    version bigint NOT NULL,
    version_time timestamptz NOT NULL,
    edited boolean NOT NULL,
    deleted boolean NOT NULL,
    attachments jsonb NOT NULL,
    permalink text NOT NULL,
    in_reply_to text COLLATE "C",
    thread text COLLATE "C",
    reactions jsonb NOT NULL,
    delivered boolean NOT NULL DEFAULT false,
    read boolean NOT NULL DEFAULT false,
    -- A column of its own, because functions of a column are not leakproof: under row-level
    -- security no index would serve a condition on them.
    external_length integer NOT NULL GENERATED ALWAYS AS (octet_length(external_id)) STORED,
    PRIMARY KEY (organization_id, message_id)
);
CREATE UNIQUE INDEX message_external ON message (organization_id, network, scope, external_id);
CREATE UNIQUE INDEX message_arrival ON message (organization_id, conversation_id, sequence);
-- Network order: time, then network id, a shorter one first.
CREATE INDEX message_order
    ON message (organization_id, conversation_id, network_time, external_length, external_id);
-- What a receipt may still change.
CREATE INDEX message_unread
    ON message (organization_id, identity_id, network_time)
    WHERE direction = 2 AND kind = 1 AND NOT read;
SELECT isolate('message');

-- Earlier versions of a text; the newest is in the message.
CREATE TABLE message_version (
    organization_id uuid NOT NULL,
    message_id uuid NOT NULL,
    version bigint NOT NULL,
    version_time timestamptz NOT NULL,
    body text NOT NULL
);
CREATE UNIQUE INDEX message_version_once
    ON message_version (organization_id, message_id, version, version_time, md5(body));
SELECT isolate('message_version');

-- How far a contact has received and read what one channel sent privately.
CREATE TABLE receipt (
    organization_id uuid NOT NULL,
    network smallint NOT NULL,
    scope text NOT NULL,
    network_user_id text NOT NULL,
    channel_id uuid NOT NULL,
    delivered_up_to timestamptz NOT NULL,
    read_up_to timestamptz,
    PRIMARY KEY (organization_id, network, scope, network_user_id, channel_id)
);
SELECT isolate('receipt');

-- Every input that a decision used; the state is the fold of it.
CREATE TABLE conversation_history (
    organization_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    sequence bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    message_id uuid,
    state_after smallint,
    reason text NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (organization_id, conversation_id, sequence)
);
SELECT isolate('conversation_history');

-- How many conversations stand in each state; resolved ones by the day of their resolution
-- (UTC), because their list ends three months ago. Transactions only insert deltas; a sweep
-- folds them into totals.
CREATE TABLE count_delta (
    organization_id uuid NOT NULL,
    delta_id bigint GENERATED ALWAYS AS IDENTITY,
    state smallint NOT NULL,
    resolved_on date,
    amount bigint NOT NULL,
    PRIMARY KEY (organization_id, delta_id)
);
SELECT isolate('count_delta');

CREATE TABLE count_total (
    organization_id uuid NOT NULL,
    state smallint NOT NULL,
    resolved_on date NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (organization_id, state, resolved_on)
);
SELECT isolate('count_total');
