-- How many mailboxes may be watched (H21, H22). Spoken to by store/capacity.rs.
-- One row, which whoever adds a mailbox locks: two cannot both take the last place.

CREATE TABLE capacity (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    -- Expansion blocks; how many mailboxes one holds is a setting.
    blocks BIGINT NOT NULL CHECK (blocks >= 0)
);
INSERT INTO capacity (id, blocks) VALUES (1, 0);
