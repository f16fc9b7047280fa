-- What is quiet. Only an addition: what ran before goes on running.

-- When a person decided last (reply, Pending, Resolve, Reopen) or took a reminder back. Quiet is
-- what has had neither a message nor a decision. What is resolved gets it with its next decision;
-- for what is not, it is read off the history.
ALTER TABLE conversation ADD COLUMN decided_at timestamptz;
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation_history NO FORCE ROW LEVEL SECURITY;
UPDATE conversation AS c SET decided_at = (
    SELECT max(h.at)
    FROM conversation_history AS h
    WHERE h.organization_id = c.organization_id AND h.conversation_id = c.conversation_id
        AND (
            h.kind IN ('replied', 'retried', 'set_pending', 'reopened_by_hand', 'reminder_cancelled')
            OR (h.kind = 'resolved' AND h.reason = 'by_hand')
        )
)
WHERE c.state IN (1, 2);
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation_history FORCE ROW LEVEL SECURITY;
