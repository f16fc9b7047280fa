INSERT INTO link_click (organization_id, link_id, hour, bot, clicks)
SELECT organization_id, link_id, hour, bot, clicks
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::boolean[], $5::bigint[])
    AS clicked (organization_id, link_id, hour, bot, clicks)
-- In one order, so that two processes never wait for each other.
ORDER BY organization_id, link_id, hour, bot
ON CONFLICT (organization_id, link_id, hour, bot)
    DO UPDATE SET clicks = link_click.clicks + excluded.clicks
