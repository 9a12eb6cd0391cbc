-- Who sees the requests of a whole body may be let read them only (V07). Spoken to by store/organizations.rs.
ALTER TABLE organizations ADD COLUMN read_only_view BIGINT NOT NULL DEFAULT 0;
