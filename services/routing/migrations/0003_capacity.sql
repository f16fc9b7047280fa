-- Capacity by team and by member. Only additions: what ran before goes on running.

-- One default team for each organization that has said how much its members may own.
CREATE TABLE team (
    organization_id uuid PRIMARY KEY,
    capacity integer NOT NULL CHECK (capacity BETWEEN 0 AND 1000),
    -- NULL: twice the capacity of each member.
    hard_limit integer CHECK (hard_limit BETWEEN 0 AND 2000),
    -- Grows with every change of what the planner goes by.
    version bigint NOT NULL,
    CHECK (capacity <= hard_limit)
);
SELECT isolate('team');

ALTER TABLE member
    -- NULL: the team's.
    ADD COLUMN own_capacity integer CHECK (own_capacity BETWEEN 0 AND 1000),
    -- What was owned when a limit was set, and never more than is owned: whoever owns more than a
    -- new limit allows may keep it, and nothing becomes theirs meanwhile.
    ADD COLUMN tolerated integer NOT NULL DEFAULT 0 CHECK (tolerated >= 0);
ALTER TABLE member DROP CONSTRAINT member_check;
ALTER TABLE member
    ADD CONSTRAINT member_load CHECK (load BETWEEN 0 AND GREATEST(hard_limit, tolerated));
