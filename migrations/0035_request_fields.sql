-- Fields that a form for a request asks for, of one area (K17). Spoken to by store/request_fields.rs.

CREATE TABLE request_fields (
    id TEXT NOT NULL PRIMARY KEY,
    area TEXT NOT NULL CHECK (area IN ('pec', 'pki')),
    label TEXT NOT NULL,
    label_fold TEXT NOT NULL,
    -- Absent: readers of English have the other.
    label_en TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'long_text', 'choice', 'date', 'yes_no')),
    -- JSON: what may be chosen.
    options TEXT NOT NULL,
    required BIGINT NOT NULL CHECK (required IN (0, 1)),
    help TEXT,
    -- The lowest stands first.
    position BIGINT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    created_at BIGINT NOT NULL,
    UNIQUE (area, label_fold)
);

-- JSON: what was answered, each with its label as it then was. No answer changes with its field.
ALTER TABLE tickets ADD COLUMN fields TEXT NOT NULL DEFAULT '[]';
ALTER TABLE pending_requests ADD COLUMN fields TEXT NOT NULL DEFAULT '[]';

-- What a request is of its own kind, as a password that was lost (F09).
ALTER TABLE pending_requests ADD COLUMN category TEXT;
