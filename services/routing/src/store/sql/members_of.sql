-- Everybody of an organization, as they stand; nothing is locked.
SELECT m.organization_id, m.member_id, m.roles, m.availability, m.away_state_id, m.since,
    m.availability_epoch, m.default_availability, m.ever_chosen, m.signed_in_at, m.chosen_at,
    m.load, m.capacity, m.hard_limit, m.own_capacity, m.last_assigned_at
FROM member AS m
WHERE m.organization_id = $1
ORDER BY m.member_id
