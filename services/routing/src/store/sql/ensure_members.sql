-- Members of whom directory has not told yet: they may choose and own, and are handed nothing.
-- How much is what the team says, else $4 and $5 (NULL: twice the capacity).
INSERT INTO member (
    organization_id, member_id, roles, directory_epoch, availability, since,
    availability_epoch, ever_chosen, load, capacity, hard_limit
)
SELECT
    wanted.organization_id, wanted.member_id, 0, -1, 2, $3, 0, false, 0, said.capacity,
    COALESCE(said.hard_limit, 2 * said.capacity)
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, member_id)
LEFT JOIN team AS t ON t.organization_id = wanted.organization_id
CROSS JOIN LATERAL (
    SELECT COALESCE(t.capacity, $4::integer) AS capacity,
        CASE WHEN t.organization_id IS NULL THEN $5::integer ELSE t.hard_limit END AS hard_limit
) AS said
ORDER BY wanted.organization_id, wanted.member_id
ON CONFLICT (organization_id, member_id) DO NOTHING
-- Whoever stands still now is ended after half a second.
RETURNING set_config('idle_in_transaction_session_timeout', '500', true)
