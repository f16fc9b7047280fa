-- The story side: access to channels, notes, what is done to messages at their networks, and what
-- is known of contacts. Only additions: what ran before goes on running.

ALTER TABLE channel
    -- Open to the members in `access` alone; else every member is a contributor.
    ADD COLUMN restricted boolean NOT NULL DEFAULT false,
    -- By member: 1 viewer, 2 contributor, 3 supervisor.
    ADD COLUMN access jsonb NOT NULL DEFAULT '{}',
    -- Days without activity until a conversation that waits for the contact is resolved; 0: never.
    ADD COLUMN auto_resolve_days integer NOT NULL DEFAULT 30;

-- Internal remarks. One that was deleted can be restored for 30 days; then its words go.
CREATE TABLE note (
    organization_id uuid NOT NULL,
    note_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    -- The message that it is tied to.
    message_id uuid,
    member_id uuid NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    edited_at timestamptz,
    deleted_at timestamptz,
    rev bigint NOT NULL,
    PRIMARY KEY (organization_id, note_id)
);
CREATE INDEX note_conversation ON note (organization_id, conversation_id, created_at, note_id);
CREATE INDEX note_message ON note (organization_id, message_id) WHERE message_id IS NOT NULL;
SELECT isolate('note');

-- Every text that a note has had, by whom; the newest is in the note, too.
CREATE TABLE note_version (
    organization_id uuid NOT NULL,
    note_id uuid NOT NULL,
    rev bigint NOT NULL,
    at timestamptz NOT NULL,
    member_id uuid NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (organization_id, note_id, rev)
);
SELECT isolate('note_version');

-- What members asked to be done at the network to a message (target: its id) or to its author
-- (target: the identity's id). Aspect: 1 like, 2 hide, 3 repost, 4 follow, 5 delete. Outcome: 1
-- done, 2 failed. Of one thing the request with the greatest turn is what is wanted, the one done
-- with the greatest turn what stands.
CREATE TABLE action (
    organization_id uuid NOT NULL,
    action_id uuid NOT NULL,
    target_id uuid NOT NULL,
    aspect smallint NOT NULL CHECK (aspect BETWEEN 1 AND 5),
    turn bigint NOT NULL,
    -- It shall be so, or be no more.
    wanted boolean NOT NULL,
    -- The message at hand.
    message_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    member_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    outcome smallint CHECK (outcome BETWEEN 1 AND 2),
    failure_code text,
    failure text,
    retryable boolean,
    -- Of what is said of it before it ends: the latest stands.
    as_of timestamptz,
    waits_until timestamptz,
    wait_reason text,
    -- Grows with every change.
    rev bigint NOT NULL,
    PRIMARY KEY (organization_id, action_id)
);
-- One request a turn: the backstop of two members who ask at the same moment.
CREATE UNIQUE INDEX action_turn ON action (organization_id, target_id, aspect, turn);
SELECT isolate('action');

-- What can be known of a contact, as directory tells: complete, the greatest version stands.
CREATE TABLE attribute_list (
    organization_id uuid NOT NULL,
    version bigint NOT NULL,
    definitions jsonb NOT NULL,
    PRIMARY KEY (organization_id)
);
SELECT isolate('attribute_list');

-- What is known of contacts. Source: 1 a member, 2 an operator. A value that was taken back stays
-- as NULL, with its rev.
CREATE TABLE contact_attribute (
    organization_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    attribute_id uuid NOT NULL,
    value text,
    rev bigint NOT NULL,
    source smallint NOT NULL CHECK (source BETWEEN 1 AND 2),
    edited_by uuid,
    edited_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, contact_id, attribute_id)
);
SELECT isolate('contact_attribute');

-- A contact's identities.
CREATE INDEX contact_identity_contact ON contact_identity (organization_id, contact_id);
-- A contact's conversations, newest first.
CREATE INDEX conversation_contact
    ON conversation (organization_id, contact_id, opened_at, conversation_id);
-- The conversations that became part of another one.
CREATE INDEX conversation_absorbed
    ON conversation (organization_id, absorbed_into) WHERE absorbed_into IS NOT NULL;
