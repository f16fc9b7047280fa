-- How long a channel opens resolved conversations again, in hours; 0: never; NULL: as the
-- installation says. Only an addition: what ran before goes on running.
ALTER TABLE channel ADD COLUMN reopen_window_hours integer
    CHECK (reopen_window_hours BETWEEN 0 AND 8760);
