-- How much the members of an organization may own, who have no capacity of their own.
INSERT INTO team AS known (organization_id, capacity, hard_limit, version)
VALUES ($1, $2, $3, 1)
ON CONFLICT (organization_id) DO UPDATE SET
    capacity = EXCLUDED.capacity, hard_limit = EXCLUDED.hard_limit, version = known.version + 1
RETURNING set_config('idle_in_transaction_session_timeout', '500', true)
