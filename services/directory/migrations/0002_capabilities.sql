-- What a network lets an account do, as far as it depends on the account, and where calls of a
-- simulated account go.
ALTER TABLE channel
    ADD COLUMN tier text NOT NULL DEFAULT '',
    ADD COLUMN scopes text[] NOT NULL DEFAULT '{}',
    ADD COLUMN api_base text NOT NULL DEFAULT ''
        CHECK (api_base = '' OR simulated);
