-- Who makes an organization's short links.

CREATE TABLE setting (
    organization_id uuid PRIMARY KEY,
    -- 1 built in, 2 Bitly.
    provider smallint NOT NULL CHECK (provider BETWEEN 1 AND 2),
    -- Of the account at Bitly; empty: its default.
    group_guid text NOT NULL DEFAULT '',
    domain text NOT NULL DEFAULT '',
    rev bigint NOT NULL
);
SELECT isolate('setting');

-- The organization's account at Bitly. Its token is directory's.
CREATE TABLE bitly (
    organization_id uuid PRIMARY KEY,
    login text NOT NULL,
    -- JSON: guid, name, bsds of each.
    groups text NOT NULL,
    -- Of the token: grows with every other one.
    version bigint NOT NULL,
    -- The last call: when, and the stable code of what went wrong.
    checked_at timestamptz NOT NULL,
    trouble text NOT NULL DEFAULT ''
);
SELECT isolate('bitly');

-- Browsers that are at Bitly to connect. Of what they bring back only a digest is kept.
CREATE TABLE authorization_state (
    organization_id uuid NOT NULL,
    digest bytea NOT NULL,
    member_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, digest)
);
SELECT isolate('authorization_state');

-- A link of Bitly's has no row in link_code.
ALTER TABLE link ADD COLUMN short_url text;
