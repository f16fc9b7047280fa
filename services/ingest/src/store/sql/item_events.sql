SELECT item.organization_id, item.channel_id, item.external_id, item.aspect, item.version,
    item.event_id
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
    AS wanted (organization_id, channel_id, external_id, aspect, version)
JOIN item USING (organization_id, channel_id, external_id, aspect, version)
