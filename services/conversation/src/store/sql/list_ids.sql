-- Conversations by id ($1 organization, $2 ids); unknown ones are left out.
WITH page AS (
    SELECT DISTINCT $1::uuid AS organization_id, wanted.conversation_id, NULL::timestamptz AS place
    FROM unnest($2::uuid[]) AS wanted (conversation_id)
)
