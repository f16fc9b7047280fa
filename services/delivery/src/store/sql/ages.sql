-- For how long the oldest attempt of a network has been waiting for a worker, in seconds.
SELECT network.network, greatest(0, extract(epoch FROM clock_timestamp() - oldest.due))::float8 AS age
FROM unnest($1::text[]) AS network (network)
CROSS JOIN LATERAL (
    SELECT t.due FROM turn AS t
    WHERE t.network = network.network AND NOT t.leased AND t.due <= statement_timestamp()
    ORDER BY t.due LIMIT 1
) AS oldest
