-- Both ways: replies, decisions of people, the reply lock, the owner as routing decided, and what
-- this service must know of members and accounts. Only additions: what ran before goes on running.

ALTER TABLE conversation
    -- How many decisions people made (reply, Pending, Resolve, Reopen), and who made the last.
    ADD COLUMN decision bigint NOT NULL DEFAULT 0,
    ADD COLUMN decided_by uuid,
    ADD COLUMN decided_by_reply boolean NOT NULL DEFAULT false,
    -- The newest reply that was written here: by whom, and its arrival sequence.
    ADD COLUMN replied_by uuid,
    ADD COLUMN replied_sequence bigint,
    -- A person put it back among those that wait: since when the contact counts as waiting, and
    -- when that was decided.
    ADD COLUMN raised_since timestamptz,
    ADD COLUMN raised_at timestamptz,
    -- What failed replies or an undo take back of the last decision; what it made seen are the
    -- messages between undo_seen_before and seen_through.
    ADD COLUMN undo_seen_before bigint,
    -- The replies that were the decision and have not failed.
    ADD COLUMN undo_replies uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN undo_raised_since timestamptz,
    ADD COLUMN undo_raised_at timestamptz,
    -- As routing decided; the greatest epoch stands.
    ADD COLUMN owner_member_id uuid,
    ADD COLUMN owner_epoch bigint NOT NULL DEFAULT 0,
    -- Who may answer now. The fence grows with every new holder; renewing changes neither it nor
    -- rev. By the database's clock.
    ADD COLUMN lock_member_id uuid,
    ADD COLUMN lock_session text,
    ADD COLUMN lock_fence bigint NOT NULL DEFAULT 0,
    ADD COLUMN lock_expires_at timestamptz;

-- Set on replies written here. Until the network gives one an id, its scope is '?unsent', its
-- external id our own, and its time the moment when it was accepted. A reply has no item: the nil
-- id. State: 1 queued, 2 sending, 3 sent, 4 failed, 5 unknown.
ALTER TABLE message
    ADD COLUMN reply_state smallint,
    ADD COLUMN reply_member_id uuid,
    ADD COLUMN reply_channel_id uuid,
    -- The message that it answers.
    ADD COLUMN reply_to uuid,
    ADD COLUMN reply_attempt integer,
    ADD COLUMN reply_as_of timestamptz,
    ADD COLUMN reply_failure_code text,
    ADD COLUMN reply_failure text,
    ADD COLUMN reply_retryable boolean,
    ADD COLUMN reply_waits_until timestamptz,
    ADD COLUMN reply_wait_reason text,
    ADD COLUMN reply_seen_through bigint,
    ADD COLUMN reply_accepted_at timestamptz,
    -- Not valid: what stands already has none of these, and need not be read to know it.
    ADD CONSTRAINT message_reply_state CHECK (reply_state BETWEEN 1 AND 5) NOT VALID,
    ADD CONSTRAINT message_reply_whole CHECK (
        num_nulls(
            reply_state, reply_member_id, reply_channel_id, reply_attempt, reply_accepted_at
        ) IN (0, 5)
    ) NOT VALID;
-- What a comment was answered with privately: once, as its network wants.
CREATE INDEX message_answers ON message (organization_id, reply_to) WHERE reply_to IS NOT NULL;
-- What the network has not accepted yet, when a conversation is resolved.
CREATE INDEX message_undelivered
    ON message (organization_id, conversation_id) WHERE reply_state IN (1, 2, 4, 5);
-- The contact's last private message to an account: bounds windows.
CREATE INDEX message_private_inbound
    ON message (organization_id, identity_id, network_time) WHERE direction = 1 AND kind = 1;
-- The contact's last words in a conversation.
CREATE INDEX message_inbound
    ON message (organization_id, conversation_id, network_time)
    WHERE direction = 1 AND NOT history;

-- What a client's key brought about: the same key gives the same answer again.
CREATE TABLE outcome (
    organization_id uuid NOT NULL,
    key text NOT NULL,
    -- What was asked for, by whom, of what: the same key for anything else is a mistake.
    asked text NOT NULL,
    at timestamptz NOT NULL,
    answer bytea NOT NULL,
    PRIMARY KEY (organization_id, key)
);
CREATE INDEX outcome_age ON outcome (organization_id, at);
SELECT isolate('outcome');

-- Members as directory tells of them; the latest word stands. Roles: 1 agent, 2 supervisor,
-- 4 admin, added up.
CREATE TABLE member (
    organization_id uuid NOT NULL,
    member_id uuid NOT NULL,
    roles smallint NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (organization_id, member_id)
);
SELECT isolate('member');

-- Connected accounts as directory tells of them; the greatest version stands.
CREATE TABLE channel (
    organization_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    network smallint NOT NULL,
    account_id text NOT NULL,
    tier text NOT NULL,
    scopes text[] NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
);
CREATE INDEX channel_network ON channel (organization_id, network, channel_id);
SELECT isolate('channel');
