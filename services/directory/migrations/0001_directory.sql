-- Organizations, their members and channels; applications at the networks.
--
-- Outside row-level security, each because it must be found before the organization is known:
-- member_login (who signs in), channel_account (whose account a webhook is about; also one
-- account, one channel over the whole installation), application (may belong to the
-- installation; what it holds is sealed), sign_in_throttle (an unknown login has no
-- organization; holds digests and moments only).

CREATE TABLE organization (
    organization_id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    language text NOT NULL,
    time_zone text NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE member (
    organization_id uuid NOT NULL REFERENCES organization,
    member_id uuid NOT NULL,
    login text NOT NULL,
    display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 255),
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    password_hash text NOT NULL,
    session_epoch bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, member_id)
);

CREATE TABLE member_login (
    login text PRIMARY KEY,
    organization_id uuid NOT NULL,
    member_id uuid NOT NULL,
    FOREIGN KEY (organization_id, member_id) REFERENCES member ON DELETE CASCADE
);

CREATE TABLE application (
    application_id uuid PRIMARY KEY,
    organization_id uuid REFERENCES organization,
    network text NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    simulated boolean NOT NULL,
    permalink_base text NOT NULL,
    -- Signing secrets and verify token, sealed for (organization, application, version).
    secrets bytea NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE channel (
    organization_id uuid NOT NULL REFERENCES organization,
    channel_id uuid NOT NULL,
    application_id uuid NOT NULL REFERENCES application,
    network text NOT NULL,
    account_id text NOT NULL,
    handle text NOT NULL,
    display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 255),
    simulated boolean NOT NULL,
    -- The access token, sealed for (organization, channel, version); null while there is none.
    access_token bytea,
    connected_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
);

CREATE TABLE channel_account (
    application_id uuid NOT NULL REFERENCES application,
    account_id text NOT NULL,
    organization_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    PRIMARY KEY (application_id, account_id),
    FOREIGN KEY (organization_id, channel_id) REFERENCES channel ON DELETE CASCADE
);

CREATE TABLE sign_in_throttle (
    -- SHA-256 over what is throttled (a login or a client address), never the thing itself.
    throttle_key bytea PRIMARY KEY,
    -- When all failures are forgotten.
    settled_at timestamptz NOT NULL
);
CREATE INDEX sign_in_throttle_settled ON sign_in_throttle (settled_at);

CREATE FUNCTION refuse_change_of_simulated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'simulated never changes' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER application_simulated BEFORE UPDATE ON application
    FOR EACH ROW WHEN (OLD.simulated IS DISTINCT FROM NEW.simulated)
    EXECUTE FUNCTION refuse_change_of_simulated();
CREATE TRIGGER channel_simulated BEFORE UPDATE ON channel
    FOR EACH ROW WHEN (OLD.simulated IS DISTINCT FROM NEW.simulated)
    EXECUTE FUNCTION refuse_change_of_simulated();

ALTER TABLE organization ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY by_organization ON organization
    USING (organization_id = ANY ((SELECT NULLIF(current_setting('guichet.organizations', true), ''))::uuid[]))
    WITH CHECK (organization_id = ANY ((SELECT NULLIF(current_setting('guichet.organizations', true), ''))::uuid[]));

ALTER TABLE member ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY by_organization ON member
    USING (organization_id = ANY ((SELECT NULLIF(current_setting('guichet.organizations', true), ''))::uuid[]))
    WITH CHECK (organization_id = ANY ((SELECT NULLIF(current_setting('guichet.organizations', true), ''))::uuid[]));

ALTER TABLE channel ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY by_organization ON channel
    USING (organization_id = ANY ((SELECT NULLIF(current_setting('guichet.organizations', true), ''))::uuid[]))
    WITH CHECK (organization_id = ANY ((SELECT NULLIF(current_setting('guichet.organizations', true), ''))::uuid[]));
