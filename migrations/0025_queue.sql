-- The queue costs what is open, however much is closed: its order and its counts read only what they show. Spoken to by
-- store/ticket_list.rs, which says these conditions word by word.

CREATE INDEX tickets_queue ON tickets (COALESCE(CASE WHEN first_responded_at IS NULL AND resolution_due_at IS NOT NULL
    THEN first_response_due_at END, resolution_due_at, 9000000000000000), id)
    WHERE state NOT IN ('resolved', 'closed', 'cancelled') AND deleted_at IS NULL;
CREATE INDEX tickets_state ON tickets (state, id) WHERE deleted_at IS NULL;
CREATE INDEX tickets_bin ON tickets (updated_at, id) WHERE deleted_at IS NOT NULL;

-- A common word is looked for in the newest requests first, one by one.
CREATE INDEX ticket_pieces_whole ON ticket_pieces (ticket_id);
DROP INDEX ticket_pieces_ticket;
