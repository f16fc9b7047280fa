-- Conversations, locked in the order of their ids until the transaction ends. Each lookup is a
-- lateral query for one row of a unique key: the plan is the same nested loop of index scans
-- whatever the table's size was when it was made. Whoever gets a row may stand still for less than
-- a second, as with members.
SELECT c.*, set_config('idle_in_transaction_session_timeout', '500', true) AS idle
FROM (
    SELECT organization_id, conversation_id
    FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organization_id, conversation_id)
    ORDER BY organization_id, conversation_id
) AS wanted
CROSS JOIN LATERAL (
    SELECT found.organization_id, found.conversation_id, found.rev, found.state,
        found.waiting_since, found.channel_ids, found.decision, found.owner_member_id,
        found.former_member_id, found.epoch, found.trace
    FROM conversation AS found
    WHERE found.organization_id = wanted.organization_id
        AND found.conversation_id = wanted.conversation_id
    LIMIT 1
    FOR UPDATE
) AS c
