-- The oldest lookup of a network ($1) that may be made, of each of so many accounts ($2) that are
-- not among $3, walking from one to the next by index; nobody else takes them for $4 seconds.
WITH RECURSIVE account AS (
    (
        SELECT channel_id FROM lookup_turn
        WHERE network = $1 AND NOT ended
        ORDER BY channel_id LIMIT 1
    )
    UNION ALL
    SELECT next.channel_id
    FROM account
    CROSS JOIN LATERAL (
        SELECT t.channel_id FROM lookup_turn AS t
        WHERE t.network = $1 AND NOT t.ended AND t.channel_id > account.channel_id
        ORDER BY t.channel_id LIMIT 1
    ) AS next
), head AS (
    SELECT first.*
    FROM account
    CROSS JOIN LATERAL (
        SELECT t.organization_id, t.item_id, t.due FROM lookup_turn AS t
        WHERE t.network = $1 AND NOT t.ended AND t.channel_id = account.channel_id
            AND t.due <= clock_timestamp()
        ORDER BY t.due LIMIT 1
        FOR UPDATE SKIP LOCKED
    ) AS first
    WHERE account.channel_id <> ALL ($3::uuid[])
    ORDER BY first.due
    LIMIT $2
)
UPDATE lookup_turn AS t
SET due = clock_timestamp() + make_interval(secs => $4)
FROM head
WHERE t.organization_id = head.organization_id AND t.item_id = head.item_id
RETURNING t.organization_id, t.item_id
