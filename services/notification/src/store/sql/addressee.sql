SELECT member.login, member.name, member.is_active,
       coalesce(organization.language, 'en') AS language,
       coalesce(channel.name, '') AS channel
FROM member
LEFT JOIN organization USING (organization_id)
LEFT JOIN channel ON channel.organization_id = $1 AND channel.channel_id = $3::uuid
WHERE member.organization_id = $1 AND member.member_id = $2
