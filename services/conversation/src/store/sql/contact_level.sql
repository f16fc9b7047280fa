-- What a member is, and how far the channels of a contact's conversations let that member in ($1
-- organization, $2 contact, $3 member). A channel that is not known here is open; NULL without any
-- channel.
SELECT
    (
        SELECT m.roles FROM member AS m WHERE m.organization_id = $1 AND m.member_id = $3
    ) AS roles, (
        SELECT max(
            CASE WHEN a.restricted THEN COALESCE((a.access ->> ($3::uuid)::text)::smallint, 0)
            ELSE 2 END
        )::smallint
        FROM (
            SELECT DISTINCT unnest(c.channel_ids) AS channel_id FROM conversation AS c
            WHERE c.organization_id = $1 AND c.contact_id = $2
        ) AS through
        LEFT JOIN LATERAL (
            SELECT found.restricted, found.access FROM channel AS found
            WHERE found.organization_id = $1 AND found.channel_id = through.channel_id
            LIMIT 1
        ) AS a ON true
    ) AS door
