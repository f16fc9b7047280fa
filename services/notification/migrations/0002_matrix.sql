-- By which means members are told, and what came of it.

ALTER TABLE conversation DROP CONSTRAINT conversation_kind_check;
ALTER TABLE conversation ADD CONSTRAINT conversation_kind_check CHECK (kind BETWEEN 1 AND 3);

-- Everything that members were told, kept for 30 days after it was settled.
CREATE TABLE notification (
    organization_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    member_id uuid NOT NULL,
    -- 1 assigned to you, 2 customer answered, 3 reply failed, 4 channel unhealthy, 5 test.
    kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 5),
    conversation_id uuid,
    channel_id uuid,
    at timestamptz NOT NULL,
    badge_only boolean NOT NULL,
    -- How much happened that it stands for.
    count integer NOT NULL,
    rev bigint NOT NULL,
    settled_at timestamptz,
    -- read, settled, handed_on, test.
    reason text,
    PRIMARY KEY (organization_id, notification_id),
    CHECK ((settled_at IS NULL) = (reason IS NULL)),
    CHECK (conversation_id IS NULL OR channel_id IS NULL)
) WITH (fillfactor = 80);
CREATE INDEX notification_of_member
    ON notification (organization_id, member_id, at DESC, notification_id DESC);
CREATE INDEX notification_standing
    ON notification (organization_id, member_id, at DESC, notification_id DESC)
    WHERE settled_at IS NULL;
CREATE INDEX notification_of_channel
    ON notification (organization_id, channel_id) WHERE settled_at IS NULL AND channel_id IS NOT NULL;
CREATE INDEX notification_settled ON notification (organization_id, settled_at) WHERE settled_at IS NOT NULL;
SELECT isolate('notification');

-- What became of each by each means.
CREATE TABLE outcome (
    organization_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    -- 0 in the workspace, 1 sound, 2 desktop, 3 mail.
    means smallint NOT NULL CHECK (means BETWEEN 0 AND 3),
    -- 1 not, 2 queued, 3 sent, 4 shown, 5 opened.
    outcome smallint NOT NULL CHECK (outcome BETWEEN 1 AND 5),
    reason text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, notification_id, means),
    FOREIGN KEY (organization_id, notification_id)
        REFERENCES notification (organization_id, notification_id) ON DELETE CASCADE
) WITH (fillfactor = 80);
SELECT isolate('outcome');

-- What members want; a row that is not chosen is as it is for everybody.
CREATE TABLE preference (
    organization_id uuid NOT NULL,
    member_id uuid NOT NULL,
    -- Four bits an event.
    wanted integer NOT NULL,
    -- One bit an event: whether its four were chosen.
    chosen integer NOT NULL,
    volume smallint NOT NULL CHECK (volume BETWEEN 0 AND 100),
    rev bigint NOT NULL,
    PRIMARY KEY (organization_id, member_id)
);
SELECT isolate('preference');

-- Members, as directory tells of them; the greatest version.
CREATE TABLE member (
    organization_id uuid NOT NULL,
    member_id uuid NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    is_admin boolean NOT NULL,
    is_active boolean NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (organization_id, member_id)
);
SELECT isolate('member');

-- In which language an organization's mails are written.
CREATE TABLE organization (
    organization_id uuid PRIMARY KEY,
    language text NOT NULL
);
SELECT isolate('organization');

-- Connected accounts and whether their networks take their tokens; the newest word.
CREATE TABLE channel (
    organization_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    name text NOT NULL,
    unhealthy boolean NOT NULL,
    checked_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
);
SELECT isolate('channel');

-- Browsers that take pushes (RFC 8030). An endpoint is a stranger's address and a secret.
CREATE TABLE push_subscription (
    organization_id uuid NOT NULL,
    subscription_id uuid NOT NULL,
    member_id uuid NOT NULL,
    endpoint text NOT NULL CHECK (octet_length(endpoint) <= 2048),
    p256dh bytea NOT NULL CHECK (octet_length(p256dh) = 65),
    auth bytea NOT NULL CHECK (octet_length(auth) = 16),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, subscription_id)
);
CREATE UNIQUE INDEX push_subscription_endpoint ON push_subscription (organization_id, endpoint);
CREATE INDEX push_subscription_of_member ON push_subscription (organization_id, member_id);
SELECT isolate('push_subscription');

-- Those that stand already; their owner sees every organization's for a moment.
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE notification NO FORCE ROW LEVEL SECURITY;
INSERT INTO notification (organization_id, notification_id, member_id, kind, conversation_id, at,
                          badge_only, count, rev)
SELECT organization_id, notification_id, notified_id, kind, conversation_id, notified_at,
       badge_only, 1, notification_rev
FROM conversation WHERE notification_id IS NOT NULL;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
ALTER TABLE notification FORCE ROW LEVEL SECURITY;
