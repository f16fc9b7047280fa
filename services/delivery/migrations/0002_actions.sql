-- What can be done to messages besides sending and deleting them: a like, a repost … and their
-- opposites. And what a person says never arrived may turn out to be there: its text is kept to
-- recognise it by, as that of what is unknown.
ALTER TABLE attempt
    DROP CONSTRAINT attempt_action_check,
    DROP CONSTRAINT attempt_check1,
    -- The request that is carried out, and its place among those about the same thing.
    ADD COLUMN request_id uuid,
    ADD COLUMN request_turn bigint,
    ADD COLUMN thing text,
    -- 1 send, 2 delete, 3 like, 4 unlike, 5 hide, 6 unhide, 7 repost, 8 unrepost, 9 follow,
    -- 10 unfollow.
    ADD CONSTRAINT attempt_action CHECK (action BETWEEN 1 AND 10),
    ADD CONSTRAINT attempt_text CHECK (state <> 5 OR text = '' OR settled_by = 'person'),
    ADD CONSTRAINT attempt_request CHECK (
        action <= 2 OR (request_id IS NOT NULL AND request_turn IS NOT NULL AND thing IS NOT NULL)
    );
CREATE UNIQUE INDEX attempt_request_id ON attempt (organization_id, request_id)
    WHERE request_id IS NOT NULL;
CREATE INDEX attempt_thing ON attempt (organization_id, thing, request_turn)
    WHERE thing IS NOT NULL;
-- Echoes look here as well for what they may be of.
CREATE INDEX attempt_denied ON attempt (organization_id, channel_id, first_byte_at)
    WHERE state = 5 AND settled_by = 'person';
CREATE INDEX attempt_unplaced ON attempt (organization_id, channel_id, first_byte_at)
    WHERE state = 4 AND external_id IS NULL;

-- Requests about one thing stand in no line with replies; of those only the newest is made, and
-- one at a time.
ALTER TABLE turn
    ADD COLUMN thing text,
    ADD COLUMN request_turn bigint;
CREATE INDEX turn_thing ON turn (organization_id, thing) WHERE thing IS NOT NULL;
