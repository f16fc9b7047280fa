-- Messages by id ($1 organization, $2 ids); unknown ones are left out.
WITH page AS (
    SELECT DISTINCT $1::uuid AS organization_id, wanted.message_id
    FROM unnest($2::uuid[]) AS wanted (message_id)
)
