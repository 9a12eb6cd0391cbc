-- Service hours that were changed (S06, S07, S12): a calendar without a row is as the program ships it. Spoken to by
-- store/calendars.rs.

CREATE TABLE calendars (
    id TEXT NOT NULL PRIMARY KEY CHECK (id IN ('assistenza', 'servizi')),
    -- JSON: for each day of the week, Monday first, its hours as {"from", "to"} in minutes since midnight.
    week TEXT NOT NULL,
    -- JSON: days on which it is closed, as {"name", "first", "last", "yearly"}.
    closures TEXT NOT NULL,
    -- JSON: for each severity, the gravest first, minutes to first response, next update, resolution. Only the desk's calendar has them.
    targets TEXT NOT NULL,
    revision BIGINT NOT NULL
);
