-- Who is told what. Every table has an organization, which leads every key, and is isolated by it.

-- What is known of a conversation; of each part the newest, whatever the order of its events.
CREATE TABLE conversation (
    organization_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    -- From routing: the greatest epoch.
    owner_id uuid,
    owner_epoch bigint NOT NULL,
    -- From conversation: the greatest rev.
    rev bigint NOT NULL,
    waits boolean NOT NULL,
    -- The notification that stands; at most one a conversation, and only its owner's.
    notification_id uuid,
    notified_id uuid,
    kind smallint CHECK (kind BETWEEN 1 AND 2),
    notified_at timestamptz,
    badge_only boolean,
    notification_rev bigint NOT NULL,
    PRIMARY KEY (organization_id, conversation_id),
    CHECK ((notification_id IS NULL) = (notified_id IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX conversation_notified
    ON conversation (organization_id, notified_id, notified_at) WHERE notified_id IS NOT NULL;
SELECT isolate('conversation');

-- Whether a member is away; the greatest epoch.
CREATE TABLE availability (
    organization_id uuid NOT NULL,
    member_id uuid NOT NULL,
    away boolean NOT NULL,
    epoch bigint NOT NULL,
    PRIMARY KEY (organization_id, member_id)
);
SELECT isolate('availability');
