-- Members of whom directory has not told yet: they may choose and own, and are handed nothing.
INSERT INTO member (
    organization_id, member_id, roles, directory_epoch, availability, since,
    availability_epoch, ever_chosen, load, capacity, hard_limit
)
SELECT organization_id, member_id, 0, -1, 2, $3, 0, false, 0, $4, $5
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, member_id)
ORDER BY organization_id, member_id
ON CONFLICT (organization_id, member_id) DO NOTHING
-- Whoever stands still now is ended within a second.
RETURNING set_config('idle_in_transaction_session_timeout', '800', true)
