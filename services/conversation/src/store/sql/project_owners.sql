-- Owners as routing decided ($1 organization, $2 conversation, $3 owner, $4 epoch, $5 now): applied
-- only when the epoch is greater, and kept in the history unless the conversation is a signpost.
-- Gives how those stand that changed.
WITH told AS (
    SELECT DISTINCT ON (organization_id, conversation_id)
        organization_id, conversation_id, owner_member_id, owner_epoch
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
        AS told (organization_id, conversation_id, owner_member_id, owner_epoch)
    ORDER BY organization_id, conversation_id, owner_epoch DESC
), changed AS (
    UPDATE conversation AS c SET
        owner_member_id = told.owner_member_id, owner_epoch = told.owner_epoch, rev = c.rev + 1,
        history_sequence = c.history_sequence + (c.absorbed_into IS NULL)::integer
    FROM told
    WHERE c.organization_id = told.organization_id AND c.conversation_id = told.conversation_id
        AND c.owner_epoch < told.owner_epoch
    RETURNING
        c.organization_id, c.conversation_id, c.rev, c.state, c.network, c.channel_ids,
        c.waiting_since, c.owner_member_id, c.owner_epoch, c.decision, c.decided_by,
        c.decided_by_reply, c.absorbed_into, c.contact_id, c.history_sequence
), entries AS (
    INSERT INTO conversation_history
        (organization_id, conversation_id, sequence, at, kind, message_id, state_after, reason,
         detail)
    SELECT
        organization_id, conversation_id, history_sequence, $5, 'assigned', NULL, state, '',
        jsonb_build_object(
            'fact', 'recorded', 'record', 'assigned', 'to', owner_member_id, 'epoch', owner_epoch
        )
    FROM changed WHERE absorbed_into IS NULL
)
SELECT
    organization_id, conversation_id, rev, state, network, channel_ids, waiting_since,
    owner_member_id, owner_epoch, decision, decided_by, decided_by_reply, absorbed_into, contact_id
FROM changed
