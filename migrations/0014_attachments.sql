-- Files that people send with what they say (K14): uploaded first, then named by a message. The bytes lie in the folder `files` of
-- data_dir under their SHA-256, once however often they come. Spoken to by store/attachments.rs.

CREATE TABLE attachments (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    uploader_id TEXT REFERENCES persons (id) ON DELETE SET NULL,
    -- Absent until a message names it: then only its uploader knows of it.
    message_id TEXT REFERENCES ticket_messages (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_message ON attachments (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX attachments_sha256 ON attachments (sha256);
