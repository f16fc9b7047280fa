-- Not locked here: whoever settles an attempt locks it before its turn, and so does whoever ends
-- its lease.
SELECT organization_id, message_id, action, attempt
FROM turn
WHERE leased AND due <= statement_timestamp()
ORDER BY due
LIMIT $1
