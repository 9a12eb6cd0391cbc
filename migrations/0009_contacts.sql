-- Whom people can turn to, as public pages say it. Spoken to by store/contacts.rs.

CREATE TABLE contacts (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
