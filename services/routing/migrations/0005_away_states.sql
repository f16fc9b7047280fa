-- Away states that supervisors change: whoever changes one says which they saw.
ALTER TABLE away_state ADD COLUMN rev bigint NOT NULL DEFAULT 1;
