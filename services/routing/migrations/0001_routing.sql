-- Members, what they chose, what they own, and what waits. Every table but planner_mark has an
-- organization, which leads every key, and is isolated by it.

-- Codes: availability 1 available, 2 away; state 1 new, 2 pending, 3 resolved, 4 absorbed;
-- roles are bits: 1 agent, 2 supervisor, 4 admin.

-- One row a member; also the row that everything which hands, takes or counts locks.
-- Locks are taken on conversations first, then on members, each in the order of ids.
CREATE TABLE member (
    organization_id uuid NOT NULL,
    member_id uuid NOT NULL,
    -- As directory says; 0 while it has not said anything.
    roles smallint NOT NULL,
    -- The session epoch that came with the roles; an older word of directory's changes nothing.
    directory_epoch bigint NOT NULL,
    availability smallint NOT NULL CHECK (availability IN (1, 2)),
    away_state_id uuid,
    since timestamptz NOT NULL,
    -- Grows with every change of what the member chose.
    availability_epoch bigint NOT NULL,
    default_availability smallint CHECK (default_availability IN (1, 2)),
    ever_chosen boolean NOT NULL,
    -- The newest sign-in that was noticed, and the newest choice.
    signed_in_at timestamptz,
    chosen_at timestamptz,
    -- What is owned goes back to the queue; stays until all of it has.
    handing_back boolean NOT NULL DEFAULT false,
    -- New conversations owned.
    load integer NOT NULL,
    capacity integer NOT NULL,
    hard_limit integer NOT NULL,
    last_assigned_at timestamptz,
    PRIMARY KEY (organization_id, member_id),
    CHECK (load BETWEEN 0 AND hard_limit),
    CHECK (capacity BETWEEN 0 AND hard_limit),
    CHECK (availability = 2 OR away_state_id IS NULL)
) WITH (fillfactor = 50);
-- Who owns something, for the sweep.
CREATE INDEX member_handing_back ON member (organization_id, member_id) WHERE handing_back;
SELECT isolate('member');

CREATE TABLE away_state (
    organization_id uuid NOT NULL,
    away_state_id uuid NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    position integer NOT NULL,
    archived boolean NOT NULL,
    PRIMARY KEY (organization_id, away_state_id),
    UNIQUE (organization_id, name)
);
SELECT isolate('away_state');

-- One row a conversation, so that it has one owner at most.
CREATE TABLE conversation (
    organization_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    -- Of the newest standing; an older one changes nothing.
    rev bigint NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 4),
    waiting_since timestamptz,
    channel_ids uuid[] NOT NULL,
    -- Which queue: conversations of one class ask the same of who answers them.
    class bigint NOT NULL,
    -- The newest decision of a person that was followed.
    decision bigint NOT NULL,
    owner_member_id uuid,
    former_member_id uuid,
    -- Grows with every change of the owner.
    epoch bigint NOT NULL,
    -- W3C traceparent of what made it wait, for the trace of its assignment.
    trace text,
    -- A column of its own, because the planner of queries must prove the index's condition.
    waiting boolean NOT NULL GENERATED ALWAYS AS (state = 1 AND owner_member_id IS NULL) STORED,
    PRIMARY KEY (organization_id, conversation_id),
    CHECK ((state = 1) = (waiting_since IS NOT NULL)),
    CHECK (state IN (1, 2) OR owner_member_id IS NULL)
) WITH (fillfactor = 70);
CREATE INDEX conversation_waiting
    ON conversation (organization_id, class, waiting_since, conversation_id) WHERE waiting;
CREATE INDEX conversation_owned
    ON conversation (organization_id, owner_member_id, conversation_id)
    WHERE state = 1 AND owner_member_id IS NOT NULL;
SELECT isolate('conversation');

-- Why a conversation has its owner, or lost it. Append-only; candidates are JSON that only the
-- service reads.
CREATE TABLE explanation (
    organization_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL,
    reason text,
    member_id uuid,
    by_member_id uuid,
    waiting_since timestamptz,
    -- The assignment epoch that began with it.
    epoch bigint NOT NULL,
    policy_version bigint NOT NULL,
    candidates text NOT NULL,
    PRIMARY KEY (organization_id, decision_id)
);
CREATE INDEX explanation_conversation
    ON explanation (organization_id, conversation_id, epoch, decision_id);
SELECT isolate('explanation');

-- Organizations, and whether one of them is to be planned again. Outside row-level security: the
-- sweep must find out whose work waits before it can name an organization.
CREATE TABLE planner_mark (
    organization_id uuid PRIMARY KEY,
    -- Grows with every planner that found another one at work.
    mark bigint NOT NULL
) WITH (fillfactor = 50);
