-- Whoever plans for the organization now shall plan once more.
INSERT INTO planner_mark AS known (organization_id, mark) VALUES ($1, 1)
ON CONFLICT (organization_id) DO UPDATE SET mark = known.mark + 1
-- Others leave their mark in this row: whoever stands still now is ended after half a second.
RETURNING set_config('idle_in_transaction_session_timeout', '500', true)
