SELECT organization_id, message_id, action, attempt
FROM turn
WHERE leased AND due <= statement_timestamp()
ORDER BY due
LIMIT $1
FOR UPDATE SKIP LOCKED
