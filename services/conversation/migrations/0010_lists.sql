-- Lists: counts by channel, filters, reminders, drafts, and the automatic resolution of each
-- channel's conversations.

-- Who sees only some channels has counts of their own, so what is counted says through which
-- channels it came. What was counted before did not: it is counted anew.
ALTER TABLE count_delta ADD COLUMN channel_ids uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE count_total
    ADD COLUMN channel_ids uuid[] NOT NULL DEFAULT '{}',
    DROP CONSTRAINT count_total_pkey,
    ADD PRIMARY KEY (organization_id, state, resolved_on, channel_ids);
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE count_delta NO FORCE ROW LEVEL SECURITY;
ALTER TABLE count_total NO FORCE ROW LEVEL SECURITY;
DELETE FROM count_delta;
DELETE FROM count_total;
INSERT INTO count_total (organization_id, state, resolved_on, channel_ids, amount)
SELECT
    organization_id, state, COALESCE((resolved_at AT TIME ZONE 'UTC')::date, 'epoch'::date),
    channel_ids, count(*)
FROM conversation
WHERE state IS NOT NULL
GROUP BY 1, 2, 3, 4;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
ALTER TABLE count_delta FORCE ROW LEVEL SECURITY;
ALTER TABLE count_total FORCE ROW LEVEL SECURITY;

ALTER TABLE conversation
    -- A member wants it among those that wait again at that moment, whatever happens before.
    ADD COLUMN reminder_due_at timestamptz,
    ADD COLUMN reminder_member_id uuid,
    ADD COLUMN reminder_note text,
    ADD CONSTRAINT conversation_reminder CHECK (
        num_nulls(reminder_due_at, reminder_member_id, reminder_note) IN (0, 3)
    ) NOT VALID;

-- New by its last activity; what a member owns; what nobody owns, longest waiting first.
CREATE INDEX conversation_new_activity
    ON conversation (organization_id, last_activity_at, conversation_id) WHERE state = 1;
CREATE INDEX conversation_owned
    ON conversation (organization_id, owner_member_id, last_activity_at, conversation_id)
    WHERE state IN (1, 2);
CREATE INDEX conversation_new_unowned
    ON conversation (organization_id, waiting_since, conversation_id)
    WHERE state = 1 AND owner_member_id IS NULL;

-- What members are writing. Mode: 1 reply, 2 note. One that was thrown away or sent stays for a
-- while without a text, so that an older copy from another device does not bring it back.
CREATE TABLE draft (
    organization_id uuid NOT NULL,
    member_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    mode smallint NOT NULL CHECK (mode BETWEEN 1 AND 2),
    body text,
    kind smallint CHECK (kind BETWEEN 1 AND 6),
    channel_id uuid,
    in_reply_to uuid,
    shorten_links boolean NOT NULL,
    -- By the clock of the device that wrote it; the latest stands.
    written_at timestamptz NOT NULL,
    rev bigint NOT NULL,
    PRIMARY KEY (organization_id, member_id, conversation_id, mode)
);
CREATE INDEX draft_thrown_away ON draft (organization_id, written_at) WHERE body IS NULL;
SELECT isolate('draft');

-- One timer for each channel looks for what has been quiet for the channel's time; there used to
-- be one for each conversation.
DELETE FROM timer WHERE kind = 'auto-resolve';
ALTER TABLE channel NO FORCE ROW LEVEL SECURITY;
INSERT INTO timer (id, organization_id, kind, aggregate_id, version, due)
SELECT gen_random_uuid(), organization_id, 'channel-auto-resolve', channel_id, version, now()
FROM channel;
ALTER TABLE channel FORCE ROW LEVEL SECURITY;
