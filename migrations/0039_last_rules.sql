-- The last rules of threading and its alarms (features.md 5): addresses with a plus, the breaker that has opened, second queues of groups
-- that are gone. Spoken to by store/intake_mailboxes.rs, store/alarms.rs and store/tickets.rs.

-- Its server takes mail to `address+anything@…` in for it: what we write about a request may say so where answers go.
ALTER TABLE intake_mailboxes ADD COLUMN plus_addresses BIGINT NOT NULL DEFAULT 0;

-- What is out of order as a whole, since when: it is told once when it begins and once when it is over, whichever node sees it.
CREATE TABLE alarms (
    name TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);

-- A group that is gone leaves what stood in its second queues to all of the area, as it leaves its requests; it took them with it.
CREATE TABLE queues_of_tickets (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    area TEXT NOT NULL CHECK (area IN ('pec', 'pki')),
    -- Empty: of nobody in particular.
    group_id TEXT REFERENCES groups (id) ON DELETE SET NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (ticket_id, address)
);
INSERT INTO queues_of_tickets (ticket_id, area, group_id, address) SELECT ticket_id, area, group_id, address FROM ticket_queues;
DROP TABLE ticket_queues;
ALTER TABLE queues_of_tickets RENAME TO ticket_queues;
