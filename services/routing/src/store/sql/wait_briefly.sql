-- What is tried again anyway waits for a locked row only for a moment: a stopped process may wait
-- here too, and must not be the next to get the row and keep it for as long again. The limit is for
-- the place in the line and for the row each, and both together must be over before the server ends
-- whoever keeps the row (0.5 s).
SELECT set_config('lock_timeout', '150', true)
