-- One page of a list, complete rows ({…} are words of the variant, see lists.rs).
-- ($1 organization; $2, $3 key of the last row of the page before; $4 limit; $5 channels, NULL for
-- all; $6 channels that do not count for who asks; $7 kind of the newest message, NULL for any;
-- $8 member, whose own or whose drafts; $9 since when, for what is resolved)
WITH page AS (
    SELECT c.organization_id, c.conversation_id, c.{key} AS place, c.last_sequence
    FROM conversation AS c
    WHERE c.organization_id = $1 AND {state}
        AND (c.{key}, c.conversation_id) {after} ($2::timestamptz, $3::uuid)
        AND ($5::uuid[] IS NULL OR c.channel_ids && $5::uuid[])
        AND ($6::uuid[] = '{}' OR NOT c.channel_ids <@ $6::uuid[])
        AND ($7::smallint IS NULL OR c.last_kind = $7::smallint)
        {owner} {drafts}
    ORDER BY c.{key} {order}, c.conversation_id {order}
    LIMIT $4
)
