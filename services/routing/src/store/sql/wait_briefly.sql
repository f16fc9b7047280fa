-- What is tried again anyway waits for a locked row only for a moment, but longer than the server
-- lets a process keep it that stands still.
SELECT set_config('lock_timeout', '1000', true)
