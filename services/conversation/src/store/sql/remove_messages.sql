-- Messages that turned out to be others ($1 organization, $2 message).
WITH gone AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS gone (organization_id, message_id)
), versions AS (
    DELETE FROM message_version AS v USING gone
    WHERE v.organization_id = gone.organization_id AND v.message_id = gone.message_id
)
DELETE FROM message AS m USING gone
WHERE m.organization_id = gone.organization_id AND m.message_id = gone.message_id
