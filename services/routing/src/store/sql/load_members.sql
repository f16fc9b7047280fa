-- Members, locked in the order of their ids until the transaction ends. Each lookup is a lateral
-- query for one row of a unique key: the plan is the same nested loop of index scans whatever the
-- table's size was when it was made. Whoever gets a row may then stand still for half a second
-- before the server ends the transaction: a process that was stopped must not keep anybody from
-- going away.
SELECT m.*, set_config('idle_in_transaction_session_timeout', '500', true) AS idle
FROM (
    SELECT organization_id, member_id
    FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, member_id)
    ORDER BY organization_id, member_id
) AS wanted
CROSS JOIN LATERAL (
    SELECT found.organization_id, found.member_id, found.roles, found.availability,
        found.away_state_id, found.since, found.availability_epoch, found.default_availability,
        found.ever_chosen, found.signed_in_at, found.chosen_at, found.load, found.capacity,
        found.hard_limit, found.own_capacity, found.last_assigned_at
    FROM member AS found
    WHERE found.organization_id = wanted.organization_id AND found.member_id = wanted.member_id
    LIMIT 1
    FOR UPDATE
) AS m
