-- No lookup of an account ($1) is made before $2.
UPDATE lookup_turn SET due = $2
WHERE network = $3 AND channel_id = $1 AND NOT ended AND due < $2
