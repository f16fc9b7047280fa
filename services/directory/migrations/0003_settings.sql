-- What administrators set and what members prefer; how people come, go, and sign in anew.
--
-- Outside row-level security: one_time_token (whoever holds a link names no organization; holds
-- digests of random 256-bit tokens, from which none can be found).

ALTER TABLE member
    ADD COLUMN deactivated boolean NOT NULL DEFAULT false,
    ADD COLUMN version bigint NOT NULL DEFAULT 1;

ALTER TABLE channel
    ADD COLUMN restricted boolean NOT NULL DEFAULT false,
    -- 0: never.
    ADD COLUMN auto_resolve_days integer NOT NULL DEFAULT 30
        CHECK (auto_resolve_days BETWEEN 0 AND 3650),
    -- Empty before the first report.
    ADD COLUMN health text NOT NULL DEFAULT '',
    ADD COLUMN health_checked_at timestamptz;

-- Who may do what with the conversations of a restricted channel.
CREATE TABLE channel_access (
    organization_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    member_id uuid NOT NULL,
    access text NOT NULL,
    PRIMARY KEY (organization_id, channel_id, member_id),
    FOREIGN KEY (organization_id, channel_id) REFERENCES channel ON DELETE CASCADE,
    FOREIGN KEY (organization_id, member_id) REFERENCES member ON DELETE CASCADE
);
SELECT isolate('channel_access');

CREATE TABLE contact_attribute (
    organization_id uuid NOT NULL REFERENCES organization,
    attribute_id uuid NOT NULL,
    -- Of the four that every organization begins with; else empty.
    key text NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    type text NOT NULL,
    choices text[] NOT NULL,
    shown boolean NOT NULL,
    position integer NOT NULL,
    version bigint NOT NULL,
    -- Values of an archived attribute are kept and not shown.
    archived_at timestamptz,
    PRIMARY KEY (organization_id, attribute_id)
);
CREATE UNIQUE INDEX contact_attribute_name ON contact_attribute (organization_id, lower(name))
    WHERE archived_at IS NULL;
SELECT isolate('contact_attribute');

-- One row an organization, from when its attributes were seeded; its lock is held by whoever
-- changes any of them.
CREATE TABLE contact_attribute_list (
    organization_id uuid PRIMARY KEY REFERENCES organization,
    version bigint NOT NULL
);
SELECT isolate('contact_attribute_list');

CREATE TABLE member_preferences (
    organization_id uuid NOT NULL,
    member_id uuid NOT NULL,
    preferences text NOT NULL CHECK (octet_length(preferences) <= 16384),
    version bigint NOT NULL,
    PRIMARY KEY (organization_id, member_id),
    FOREIGN KEY (organization_id, member_id) REFERENCES member ON DELETE CASCADE
);
SELECT isolate('member_preferences');

CREATE TABLE connection (
    organization_id uuid NOT NULL REFERENCES organization,
    kind text NOT NULL,
    account text NOT NULL,
    -- Sealed for (organization, kind, version); null once removed.
    secret bytea,
    version bigint NOT NULL,
    connected_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, kind)
);
SELECT isolate('connection');

CREATE TABLE invitation (
    organization_id uuid NOT NULL,
    invitation_id uuid NOT NULL,
    login text NOT NULL,
    display_name text NOT NULL,
    roles text[] NOT NULL,
    member_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, invitation_id),
    FOREIGN KEY (organization_id, member_id) REFERENCES member ON DELETE CASCADE
);
SELECT isolate('invitation');

CREATE TABLE one_time_token (
    token_digest bytea PRIMARY KEY CHECK (octet_length(token_digest) = 32),
    -- invitation, password_reset, welcome.
    purpose text NOT NULL,
    -- Null for welcome.
    organization_id uuid,
    -- The invitation or the member; null for welcome.
    subject uuid,
    expires_at timestamptz NOT NULL
);
CREATE INDEX one_time_token_subject ON one_time_token (purpose, subject);
CREATE INDEX one_time_token_expiry ON one_time_token (expires_at);
