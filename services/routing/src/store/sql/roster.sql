-- Everybody of an organization as a plan looks at them, in columns: one row is read many times
-- faster than one for each member. Nothing is locked. Microseconds of the last assignment since
-- 1970, or the least number.
SELECT
    COALESCE(array_agg(m.member_id), '{}') AS member_id,
    COALESCE(array_agg(m.roles), '{}') AS roles,
    COALESCE(array_agg(m.availability), '{}') AS availability,
    COALESCE(array_agg(m.availability_epoch), '{}') AS availability_epoch,
    COALESCE(array_agg(m.load), '{}') AS load,
    COALESCE(array_agg(m.capacity), '{}') AS capacity,
    COALESCE(array_agg(m.hard_limit), '{}') AS hard_limit,
    COALESCE(array_agg(COALESCE(
        (extract(epoch FROM m.last_assigned_at) * 1000000)::bigint, -9223372036854775808
    )), '{}') AS last_assigned_at
FROM member AS m
WHERE m.organization_id = $1
