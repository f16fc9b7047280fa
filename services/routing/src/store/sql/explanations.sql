-- The newest decisions about a conversation first.
SELECT decision_id, conversation_id, at, outcome, reason, member_id, by_member_id, waiting_since,
    policy_version, candidates
FROM explanation
WHERE organization_id = $1 AND conversation_id = $2
ORDER BY epoch DESC, decision_id DESC
LIMIT $3
