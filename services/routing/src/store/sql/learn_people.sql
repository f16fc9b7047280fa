-- What directory says of its members; an older word changes nothing. How much each may own is what
-- they or their team say, else $6 and $7 (NULL: twice the capacity).
INSERT INTO member AS known (
    organization_id, member_id, roles, directory_epoch, directory_version, availability, since,
    availability_epoch, ever_chosen, load, capacity, hard_limit
)
SELECT
    told.organization_id, told.member_id, told.roles, told.directory_epoch, told.directory_version,
    2, $5, 0, false, 0, said.capacity, COALESCE(said.hard_limit, 2 * said.capacity)
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::bigint[], $8::bigint[])
    AS told (organization_id, member_id, roles, directory_epoch, directory_version)
LEFT JOIN team AS t ON t.organization_id = told.organization_id
CROSS JOIN LATERAL (
    SELECT COALESCE(t.capacity, $6::integer) AS capacity,
        CASE WHEN t.organization_id IS NULL THEN $7::integer ELSE t.hard_limit END AS hard_limit
) AS said
ORDER BY told.organization_id, told.member_id
ON CONFLICT (organization_id, member_id) DO UPDATE SET
    roles = EXCLUDED.roles, directory_epoch = EXCLUDED.directory_epoch,
    directory_version = EXCLUDED.directory_version,
    capacity = COALESCE(known.own_capacity, EXCLUDED.capacity),
    hard_limit = CASE
        WHEN known.own_capacity IS NULL THEN EXCLUDED.hard_limit
        ELSE (
            SELECT CASE
                WHEN team.hard_limit IS NULL THEN 2 * known.own_capacity
                ELSE GREATEST(team.hard_limit, known.own_capacity)
            END
            FROM (
                SELECT CASE WHEN count(*) = 0 THEN $7::integer ELSE max(t.hard_limit) END
                    AS hard_limit
                FROM team AS t WHERE t.organization_id = known.organization_id
            ) AS team
        )
    END,
    -- Nothing is taken from anybody by a change of the settings.
    tolerated = known.load
WHERE (known.directory_version, known.directory_epoch)
    <= (EXCLUDED.directory_version, EXCLUDED.directory_epoch)
-- These rows are members' too: whoever stands still now is ended after half a second.
RETURNING set_config('idle_in_transaction_session_timeout', '500', true)
