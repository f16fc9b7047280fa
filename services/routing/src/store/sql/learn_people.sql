-- What directory says of its members; an older word changes nothing.
INSERT INTO member AS known (
    organization_id, member_id, roles, directory_epoch, availability, since,
    availability_epoch, ever_chosen, load, capacity, hard_limit
)
SELECT organization_id, member_id, roles, directory_epoch, 2, $5, 0, false, 0, $6, $7
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::bigint[])
    AS told (organization_id, member_id, roles, directory_epoch)
ORDER BY organization_id, member_id
ON CONFLICT (organization_id, member_id) DO UPDATE SET
    roles = EXCLUDED.roles, directory_epoch = EXCLUDED.directory_epoch,
    capacity = EXCLUDED.capacity,
    -- Nobody is put over a limit by a change of the settings.
    hard_limit = GREATEST(EXCLUDED.hard_limit, known.load)
WHERE known.directory_epoch <= EXCLUDED.directory_epoch
-- These rows are members' too: whoever stands still now is ended within a second.
RETURNING set_config('idle_in_transaction_session_timeout', '800', true)
