-- Conversations, changes of load and explanations of one transaction. The rows of conversations
-- and members were locked when they were loaded; the constraints are the backstop.
WITH kept AS (
    INSERT INTO conversation AS known (
        organization_id, conversation_id, rev, state, waiting_since, channel_ids, class, decision,
        owner_member_id, former_member_id, epoch, trace
    )
    SELECT
        organization_id, conversation_id, rev, state, waiting_since, channel_ids::uuid[], class,
        decision, owner_member_id, former_member_id, epoch, trace
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::bigint[], $4::smallint[], $5::timestamptz[], $6::text[],
        $7::bigint[], $8::bigint[], $9::uuid[], $10::uuid[], $11::bigint[], $12::text[]
    ) AS one (
        organization_id, conversation_id, rev, state, waiting_since, channel_ids, class, decision,
        owner_member_id, former_member_id, epoch, trace
    )
    ON CONFLICT (organization_id, conversation_id) DO UPDATE SET
        rev = EXCLUDED.rev, state = EXCLUDED.state, waiting_since = EXCLUDED.waiting_since,
        channel_ids = EXCLUDED.channel_ids, class = EXCLUDED.class,
        decision = EXCLUDED.decision, owner_member_id = EXCLUDED.owner_member_id,
        former_member_id = EXCLUDED.former_member_id, epoch = EXCLUDED.epoch,
        trace = EXCLUDED.trace
    WHERE known.epoch <= EXCLUDED.epoch AND known.rev <= EXCLUDED.rev
    RETURNING 1
), counted AS (
    UPDATE member AS m SET
        load = m.load + change.load,
        tolerated = LEAST(m.tolerated, m.load + change.load),
        last_assigned_at = GREATEST(m.last_assigned_at, change.assigned_at)
    FROM unnest($13::uuid[], $14::uuid[], $15::integer[], $16::timestamptz[])
        AS change (organization_id, member_id, load, assigned_at)
    WHERE m.organization_id = change.organization_id AND m.member_id = change.member_id
    RETURNING 1
), explained AS (
    INSERT INTO explanation (
        organization_id, decision_id, conversation_id, at, outcome, reason, member_id,
        by_member_id, waiting_since, epoch, policy_version, candidates
    )
    SELECT * FROM unnest(
        $17::uuid[], $18::uuid[], $19::uuid[], $20::timestamptz[], $21::text[], $22::text[],
        $23::uuid[], $24::uuid[], $25::timestamptz[], $26::bigint[], $27::bigint[], $28::text[]
    )
)
SELECT
    (SELECT count(*) FROM kept) AS conversations,
    (SELECT count(*) FROM counted) AS members,
    pg_current_xact_id()::text AS transaction
