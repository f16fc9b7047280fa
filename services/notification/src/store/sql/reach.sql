SELECT organization_id, member_id, login, name, is_active,
       coalesce(availability.away, false) AS away,
       coalesce(preference.wanted, 0) AS wanted, coalesce(preference.chosen, 0) AS chosen,
       EXISTS (
           SELECT FROM push_subscription AS subscription
           WHERE subscription.organization_id = asked.organization_id
             AND subscription.member_id = asked.member_id
       ) AS has_subscription
FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[]) AS asked (organization_id, member_id))
    AS asked
LEFT JOIN member USING (organization_id, member_id)
LEFT JOIN availability USING (organization_id, member_id)
LEFT JOIN preference USING (organization_id, member_id)
