-- The channels of conversations ($1 organization, $2 ids). A signpost has those of the
-- conversation that it became part of.
SELECT c.conversation_id, COALESCE(i.channel_ids, c.channel_ids) AS channel_ids
FROM (SELECT DISTINCT wanted.id FROM unnest($2::uuid[]) AS wanted (id)) AS page
CROSS JOIN LATERAL (
    SELECT found.conversation_id, found.channel_ids, found.absorbed_into
    FROM conversation AS found
    WHERE found.organization_id = $1 AND found.conversation_id = page.id
    LIMIT 1
) AS c
LEFT JOIN LATERAL (
    SELECT found.channel_ids FROM conversation AS found
    WHERE found.organization_id = $1 AND found.conversation_id = c.absorbed_into
    LIMIT 1
) AS i ON true
