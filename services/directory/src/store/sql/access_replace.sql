WITH given AS (
    SELECT member_id, access FROM unnest($3::uuid[], $4::text[]) AS given (member_id, access)
), gone AS (
    DELETE FROM channel_access AS kept
    WHERE kept.organization_id = $1 AND kept.channel_id = $2
        AND NOT EXISTS (SELECT FROM given WHERE given.member_id = kept.member_id)
)
INSERT INTO channel_access (organization_id, channel_id, member_id, access)
SELECT $1, $2, member_id, access FROM given
ON CONFLICT (organization_id, channel_id, member_id) DO UPDATE SET access = excluded.access
