-- The first so many attempts of each account, those excepted that another worker is claiming and
-- those that have to wait for another one.
--
-- A reply waits for what stands before it in its line: one that has not begun, unless it waits for
-- a limit that bounds this one as well, or one that began a moment ago ($4 seconds), so that a
-- call whose answer is lost does not hold up its line for long.
--
-- A request to do something stands in no line; it waits while another one about the same thing is
-- being made, and for ever when there is a newer one, whose maker ends it.
SELECT t.organization_id, t.message_id, t.action, t.attempt
FROM unnest($2::uuid[], $3::bigint[]) AS share (channel_id, wanted)
CROSS JOIN LATERAL (
    SELECT mine.* FROM turn AS mine
    WHERE mine.network = $1 AND NOT mine.leased AND mine.channel_id = share.channel_id
        AND mine.due <= statement_timestamp()
        AND CASE
            WHEN mine.thing IS NULL
            THEN NOT EXISTS (
                SELECT FROM turn AS earlier
                WHERE earlier.organization_id = mine.organization_id
                    AND earlier.conversation_id = mine.conversation_id
                    AND earlier.private = mine.private
                    AND (earlier.queued_at, earlier.message_id) < (mine.queued_at, mine.message_id)
                    AND earlier.thing IS NULL
                    AND CASE
                        WHEN earlier.leased
                        THEN earlier.leased_at > statement_timestamp() - make_interval(secs => $4)
                        ELSE NOT earlier.held
                    END
            )
            ELSE NOT EXISTS (
                SELECT FROM turn AS other
                WHERE other.organization_id = mine.organization_id
                    AND other.thing = mine.thing
                    AND (other.leased OR other.request_turn > mine.request_turn)
            )
        END
    ORDER BY mine.due, mine.queued_at, mine.message_id
    LIMIT share.wanted
    FOR UPDATE SKIP LOCKED
) AS t
