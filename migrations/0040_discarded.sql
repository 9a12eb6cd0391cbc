-- Mail that somebody has thrown away can be seen and let in while its bytes are here. Spoken to by store/intake_mails.rs.

CREATE INDEX intake_mails_discarded ON intake_mails (id) WHERE state = 'dropped' AND reason = 'discarded';
