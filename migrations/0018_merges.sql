-- Whom the merge of a ticket let into the one that stayed, as addresses: they are put out again when it is undone (K11).
ALTER TABLE tickets ADD COLUMN merge_let_in TEXT;
-- Whether the address of a person is known to be its own: somebody who answers for all bodies gave it, or a link mailed to it was
-- used. Only then are requests in which the address is in copy the person's to see.
ALTER TABLE persons ADD COLUMN email_vouched BIGINT NOT NULL DEFAULT 1 CHECK (email_vouched IN (0, 1));
-- Whether a link went to its person's address by mail, and nowhere else.
ALTER TABLE links ADD COLUMN mailed BIGINT NOT NULL DEFAULT 0 CHECK (mailed IN (0, 1));
-- Whether somebody asked for it without being logged in: such a one ends no link that was given otherwise.
ALTER TABLE links ADD COLUMN asked BIGINT NOT NULL DEFAULT 0 CHECK (asked IN (0, 1));

CREATE INDEX tickets_follows ON tickets (follows) WHERE follows IS NOT NULL;
