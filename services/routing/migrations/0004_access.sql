-- Who may answer on which account. Only additions: what ran before goes on running.

-- Accounts as directory tells of them.
CREATE TABLE channel (
    organization_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    -- An older word of directory's changes nothing.
    version bigint NOT NULL,
    -- Open to those on the list alone.
    restricted boolean NOT NULL,
    -- The list: members, and how far each gets: 1 viewer, 2 contributor, 3 supervisor.
    member_ids uuid[] NOT NULL,
    levels smallint[] NOT NULL,
    PRIMARY KEY (organization_id, channel_id),
    CHECK (cardinality(member_ids) = cardinality(levels))
);
CREATE INDEX channel_restricted ON channel (organization_id, channel_id) WHERE restricted;
SELECT isolate('channel');

-- Organizations where somebody may have lost access a moment ago: what they own there goes back.
CREATE TABLE access_changed (
    organization_id uuid PRIMARY KEY,
    -- Until no transaction can be left that began with what was so before.
    until timestamptz NOT NULL
);
SELECT isolate('access_changed');

ALTER TABLE member
    -- The version that came with the roles. Of one version, the greatest epoch stands.
    ADD COLUMN directory_version bigint NOT NULL DEFAULT 0;
