-- Items whose author the network did not name, as delivery was asked for: those that wait for it,
-- or waited, and those whose author is known by id alone. One row for each item.
CREATE TABLE nameless (
    organization_id uuid NOT NULL,
    item_id uuid NOT NULL,
    request_id uuid NOT NULL,
    position integer NOT NULL,
    -- The author's id at the network; empty while that is not known either.
    author_id text NOT NULL,
    asked_at timestamptz NOT NULL,
    -- When the item was handed on with its author's name: nothing changes any more.
    named_at timestamptz,
    -- Why delivery could not tell; empty while it may.
    reason text NOT NULL DEFAULT '',
    PRIMARY KEY (organization_id, item_id)
);
SELECT isolate('nameless');

-- Persons who write without a name, as Messenger has them, and before when nobody asks again who
-- they are: once a day at most.
CREATE TABLE person_asked (
    organization_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    person_id text NOT NULL,
    not_before timestamptz NOT NULL,
    PRIMARY KEY (organization_id, channel_id, person_id)
);
SELECT isolate('person_asked');
