-- A browser is told something as long as the session lives that asked for it.

ALTER TABLE push_subscription
    -- Which session; empty for what an older release kept.
    ADD COLUMN session text NOT NULL DEFAULT '' CHECK (octet_length(session) <= 128),
    -- Its member's epoch when it began: a greater one ended it.
    ADD COLUMN session_epoch bigint NOT NULL DEFAULT 0;
CREATE INDEX push_subscription_of_session ON push_subscription (organization_id, session);

ALTER TABLE member
    -- Sessions of a lower one are over.
    ADD COLUMN session_epoch bigint NOT NULL DEFAULT 0;
