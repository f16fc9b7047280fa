-- What is known of requests and of the things they are about: $1 organizations, $2 messages,
-- $3 actions, $4 requests, $5 things.
SELECT
    given.request_id,
    EXISTS (
        SELECT FROM attempt AS same
        WHERE same.organization_id = given.organization_id AND same.request_id = given.request_id
    ) AS known,
    coalesce((
        SELECT max(a.attempt) FROM attempt AS a
        WHERE a.organization_id = given.organization_id AND a.message_id = given.message_id
            AND a.action = given.action
    ), 0) AS tries,
    coalesce((
        SELECT max(a.request_turn) FROM attempt AS a
        WHERE a.organization_id = given.organization_id AND a.thing = given.thing
    ), 0) AS newest
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::uuid[], $5::text[])
    AS given (organization_id, message_id, action, request_id, thing)
