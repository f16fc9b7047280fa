-- What the rights of a member are made of ($1 organization, $2 member): a row for each restricted
-- channel, or one without a channel; none for a member who is not known.
SELECT m.roles, c.channel_id, (c.access ->> (m.member_id)::text)::smallint AS entry
FROM member AS m
LEFT JOIN channel AS c ON c.organization_id = $1 AND c.restricted
WHERE m.organization_id = $1 AND m.member_id = $2
