-- Keeps where attempts stand, and when each is looked at next; what has ended is not. The attempts
-- were locked when they were loaded, so that each stands where it is found: by its whole key,
-- whatever the table's size was when the plan was made.
WITH given AS (
    SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::smallint[], $4::integer[], $5::smallint[], $6::bigint[],
        $7::timestamptz[], $8::timestamptz[], $9::integer[], $10::timestamptz[], $11::text[],
        $12::text[], $13::text[], $14::text[], $15::timestamptz[], $16::integer[], $17::text[],
        $18::text[], $19::boolean[], $20::timestamptz[], $21::text[], $22::timestamptz[]
    ) AS given (
        organization_id, message_id, action, attempt, state, fence,
        lease_until, first_byte_at, tries, waits_until, wait_reason,
        external_id, scope, permalink, network_time, status, failure_code,
        failure, retryable, settled_at, settled_by, due
    )
), saved AS (
    UPDATE attempt AS a
    SET state = given.state,
        fence = given.fence,
        lease_until = given.lease_until,
        first_byte_at = given.first_byte_at,
        tries = given.tries,
        waits_until = given.waits_until,
        wait_reason = given.wait_reason,
        external_id = given.external_id,
        scope = given.scope,
        permalink = given.permalink,
        network_time = given.network_time,
        status = given.status,
        failure_code = given.failure_code,
        failure = given.failure,
        retryable = given.retryable,
        settled_at = given.settled_at,
        settled_by = given.settled_by,
        -- Whatever a person said of one, it may still be recognised by its text, as an unknown one.
        text = CASE
            WHEN given.external_id IS NOT NULL THEN ''
            WHEN given.state = 5 AND given.settled_by IS DISTINCT FROM 'person' THEN ''
            ELSE a.text
        END
    FROM given
    CROSS JOIN LATERAL (
        SELECT found.ctid AS place FROM attempt AS found
        WHERE found.organization_id = given.organization_id
            AND found.message_id = given.message_id
            AND found.action = given.action
            AND found.attempt = given.attempt
        LIMIT 1
    ) AS stands
    WHERE a.ctid = stands.place
    RETURNING a.organization_id, a.message_id, a.action, a.attempt, a.state, a.wait_reason,
        given.due
), turned AS (
    UPDATE turn AS t
    SET due = saved.due,
        leased = saved.state = 3,
        leased_at = CASE WHEN saved.state = 3 THEN coalesce(t.leased_at, clock_timestamp()) END,
        held = saved.state = 2 AND saved.wait_reason = ANY ($23::text[])
    FROM saved
    WHERE saved.state IN (1, 2, 3)
        AND t.organization_id = saved.organization_id
        AND t.message_id = saved.message_id
        AND t.action = saved.action
        AND t.attempt = saved.attempt
), gone AS (
    DELETE FROM turn AS t
    USING saved
    WHERE saved.state IN (4, 5, 6)
        AND t.organization_id = saved.organization_id
        AND t.message_id = saved.message_id
        AND t.action = saved.action
        AND t.attempt = saved.attempt
)
SELECT count(*) AS saved FROM saved
