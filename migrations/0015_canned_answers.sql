-- Answers that the desk has ready (O07). Spoken to by store/canned_answers.rs.

CREATE TABLE canned_answers (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    title_fold TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    area TEXT CHECK (area IN ('pec', 'pki')),
    created_at BIGINT NOT NULL
);
