-- What a client's key brought about for one of several conversations: the same key gives the same
-- answer again.
CREATE TABLE outcome (
    organization_id uuid NOT NULL,
    key text NOT NULL,
    conversation_id uuid NOT NULL,
    -- What was asked for, by whom: the same key for anything else is a mistake.
    asked text NOT NULL,
    at timestamptz NOT NULL,
    answer bytea NOT NULL,
    PRIMARY KEY (organization_id, key, conversation_id)
);
CREATE INDEX outcome_age ON outcome (organization_id, at);
SELECT isolate('outcome');
