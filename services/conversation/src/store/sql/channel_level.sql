-- How far a channel lets a member in ($1 organization, $2 member, $3 channel); none for a member
-- who is not known.
SELECT m.roles, (
    SELECT CASE
        WHEN c.restricted THEN COALESCE((c.access ->> (m.member_id)::text)::smallint, 0) ELSE 2
    END::smallint
    FROM channel AS c
    WHERE c.organization_id = $1 AND c.channel_id = $3
) AS door
FROM member AS m
WHERE m.organization_id = $1 AND m.member_id = $2
