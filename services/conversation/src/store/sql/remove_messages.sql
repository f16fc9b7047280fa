-- Messages that turned out to be others ($1 organization, $2 message, $3 the other one): what was
-- noted on them goes with the other.
WITH gone AS (
    SELECT *
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS gone (organization_id, message_id, other_id)
), versions AS (
    DELETE FROM message_version AS v USING gone
    WHERE v.organization_id = gone.organization_id AND v.message_id = gone.message_id
), noted AS (
    UPDATE note AS n SET message_id = gone.other_id FROM gone
    WHERE n.organization_id = gone.organization_id AND n.message_id = gone.message_id
)
DELETE FROM message AS m USING gone
WHERE m.organization_id = gone.organization_id AND m.message_id = gone.message_id
