-- What is quiet, drafts that move with their conversation, and totals of nothing. Only additions:
-- what ran before goes on running.

-- When a person decided last (reply, Pending, Resolve, Reopen) or took a reminder back. Quiet is
-- what has had neither a message nor a decision; what was decided before is read off the history.
ALTER TABLE conversation ADD COLUMN decided_at timestamptz;
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation_history NO FORCE ROW LEVEL SECURITY;
UPDATE conversation AS c SET decided_at = decided.at
FROM (
    SELECT organization_id, conversation_id, max(at) AS at
    FROM conversation_history
    WHERE kind IN ('replied', 'retried', 'set_pending', 'reopened_by_hand', 'reminder_cancelled')
        OR (kind = 'resolved' AND reason = 'by_hand')
    GROUP BY 1, 2
) AS decided
WHERE c.organization_id = decided.organization_id AND c.conversation_id = decided.conversation_id;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation_history FORCE ROW LEVEL SECURITY;

-- Drafts move with a conversation that becomes part of another.
CREATE INDEX draft_conversation ON draft (organization_id, conversation_id);
ALTER TABLE draft NO FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
WITH left_behind AS (
    DELETE FROM draft AS d
    USING conversation AS c
    WHERE c.organization_id = d.organization_id AND c.conversation_id = d.conversation_id
        AND c.absorbed_into IS NOT NULL
    RETURNING d.*, c.absorbed_into
)
INSERT INTO draft AS known (
    organization_id, member_id, conversation_id, mode, body, kind, channel_id, in_reply_to,
    shorten_links, written_at, rev
)
SELECT DISTINCT ON (organization_id, member_id, absorbed_into, mode)
    organization_id, member_id, absorbed_into, mode, body, kind, channel_id, in_reply_to,
    shorten_links, written_at, rev
FROM left_behind
ORDER BY organization_id, member_id, absorbed_into, mode, written_at DESC
ON CONFLICT (organization_id, member_id, conversation_id, mode) DO UPDATE SET
    body = EXCLUDED.body, kind = EXCLUDED.kind, channel_id = EXCLUDED.channel_id,
    in_reply_to = EXCLUDED.in_reply_to, shorten_links = EXCLUDED.shorten_links,
    written_at = EXCLUDED.written_at, rev = known.rev + 1
WHERE known.written_at <= EXCLUDED.written_at;
ALTER TABLE draft FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;

-- A total of nothing goes from now on when it comes to be.
ALTER TABLE count_total NO FORCE ROW LEVEL SECURITY;
DELETE FROM count_total WHERE amount = 0;
ALTER TABLE count_total FORCE ROW LEVEL SECURITY;
