-- Events that a reader put aside until what they refer to is known. Their content waits with that
-- of the services' own in `waiting`, isolated like it, under a key made of the reader's name.
ALTER TABLE waiting ADD COLUMN subject text;

-- When each is offered to its reader again. Outside row-level security: a reader looks for what is
-- due in every organization; it holds ids and moments only.
CREATE TABLE waiting_turn (
    reader text NOT NULL,
    event_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    offered integer NOT NULL DEFAULT 0,
    due timestamptz NOT NULL,
    PRIMARY KEY (reader, event_id)
);
CREATE INDEX waiting_turn_due ON waiting_turn (reader, due, event_id);
