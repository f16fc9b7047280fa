-- Lets what is wanted of these accounts be looked at now.
UPDATE lookup_turn AS t
SET due = clock_timestamp()
FROM unnest($1::text[], $2::uuid[]) AS told (network, channel_id)
WHERE t.network = told.network AND t.channel_id = told.channel_id
    AND NOT t.ended AND t.due > clock_timestamp()
