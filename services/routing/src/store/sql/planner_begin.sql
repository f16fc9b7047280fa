-- The limits of a planner's transaction (half a second of idleness, so that an Away which waits for
-- the rows of a planner that was stopped, behind others who do, is recorded within one), whether
-- this one plans for the organization now, and whether what woke it has been committed.
SELECT
    set_config('idle_in_transaction_session_timeout', '500', true) AS idle,
    set_config('statement_timeout', '2000', true) AS statement,
    set_config('lock_timeout', '500', true) AS lock,
    CASE WHEN $2 THEN true ELSE pg_try_advisory_xact_lock($1) END AS alone,
    COALESCE((
        SELECT bool_and(pg_visible_in_snapshot(id::xid8, pg_current_snapshot()))
        FROM unnest($3::text[]) AS cause (id)
    ), true) AS visible,
    (SELECT mark FROM planner_mark WHERE organization_id = $4) AS mark,
    COALESCE((SELECT version FROM team WHERE organization_id = $4), 0) AS settings,
    EXISTS (SELECT FROM channel AS a WHERE a.organization_id = $4 AND a.restricted) AS restricted,
    -- The common case at rest: nothing waits, or nobody has room.
    EXISTS (SELECT FROM conversation AS c WHERE c.organization_id = $4 AND c.waiting)
        AND EXISTS (
            SELECT FROM member AS m
            WHERE m.organization_id = $4 AND m.availability = 1 AND m.load < m.capacity
        ) AS possible
