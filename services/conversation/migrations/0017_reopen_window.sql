-- How long a channel opens resolved conversations again, in hours; 0: never; NULL: as the
-- installation says. Only an addition: what ran before goes on running.
ALTER TABLE channel ADD COLUMN reopen_window_hours integer;
CREATE INDEX channel_reopen_window ON channel (organization_id)
    INCLUDE (channel_id, reopen_window_hours) WHERE reopen_window_hours IS NOT NULL;
