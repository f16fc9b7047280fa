-- Everything New that somebody of an organization owns, with what they are; nothing is locked.
SELECT c.owner_member_id, c.channel_ids, COALESCE(m.roles, 0::smallint) AS roles
FROM conversation AS c
LEFT JOIN member AS m ON m.organization_id = $1 AND m.member_id = c.owner_member_id
WHERE c.organization_id = $1 AND c.state = 1 AND c.owner_member_id IS NOT NULL
