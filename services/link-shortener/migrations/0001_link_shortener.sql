-- Short links and how often they were followed.
--
-- Outside row-level security: link_code, because whoever follows a link names no organization. It
-- holds what the redirect needs and nothing else.

CREATE TABLE link (
    organization_id uuid NOT NULL,
    link_id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    address text NOT NULL,
    conversation_id uuid NOT NULL,
    -- The idempotency key of the reply, and the place of the link in it.
    reply_key text NOT NULL,
    ordinal smallint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, link_id)
);
-- The same reply and place give the same link, whoever asks how often.
CREATE UNIQUE INDEX link_of_reply ON link (organization_id, reply_key, ordinal);
SELECT isolate('link');

CREATE TABLE link_code (
    code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[0-9A-Za-z]{8,32}$'),
    organization_id uuid NOT NULL,
    link_id uuid NOT NULL,
    address text NOT NULL,
    disabled boolean NOT NULL DEFAULT false
);

-- Clicks by the hour; nothing of whoever clicked.
CREATE TABLE link_click (
    organization_id uuid NOT NULL,
    link_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    -- Told apart by what the client says of itself.
    bot boolean NOT NULL,
    clicks bigint NOT NULL,
    PRIMARY KEY (organization_id, link_id, hour, bot)
);
SELECT isolate('link_click');
