-- A note as it stands now, over the rev before, and its text as a version if somebody wrote one
-- ($1 organization, $2 note, $3 conversation, $4 message, $5 author, $6 text, $7 written, $8 edited,
-- $9 deleted, $10 rev, $11 who wrote this text, $12 when). Gives how many notes were written.
WITH written AS (
    INSERT INTO note AS known (
        organization_id, note_id, conversation_id, message_id, member_id, body, created_at,
        edited_at, deleted_at, rev
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (organization_id, note_id) DO UPDATE SET
        body = EXCLUDED.body, edited_at = EXCLUDED.edited_at, deleted_at = EXCLUDED.deleted_at,
        rev = EXCLUDED.rev
    WHERE known.rev = EXCLUDED.rev - 1
    RETURNING 1
), versions AS (
    INSERT INTO note_version (organization_id, note_id, rev, at, member_id, body)
    SELECT $1, $2, $10, $12, $11, $6 WHERE $11::uuid IS NOT NULL
)
SELECT count(*) AS written FROM written
