//! In charge of how many mailboxes may be watched: some are included, each expansion block adds as many more (H21, H22). Pure.

/// How many places there are, and how many are taken. Every watched mailbox takes one, however it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Mailboxes watched.
    pub used: i64,
    /// Places without any block.
    pub included: i64,
    /// Expansion blocks.
    pub blocks: i64,
    /// Places that each block adds.
    pub block_size: i64,
}

impl Capacity {
    /// How many mailboxes may be watched.
    pub fn allowed(&self) -> i64 {
        self.included.saturating_add(self.blocks.saturating_mul(self.block_size))
    }

    /// True when no mailbox can be added. There may be more than allowed, when the setting has shrunk: those stay.
    pub fn is_full(&self) -> bool {
        self.used >= self.allowed()
    }

    /// The same with another block.
    pub fn enlarged(self) -> Capacity {
        Capacity { blocks: self.blocks.saturating_add(1), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_place_can_be_taken_and_no_more() {
        let check = |used, included, blocks, block_size, allowed, is_full| {
            let capacity = Capacity { used, included, blocks, block_size };
            assert_eq!((capacity.allowed(), capacity.is_full()), (allowed, is_full), "{capacity:?}");
        };
        check(49, 50, 0, 20, 50, false);
        check(50, 50, 0, 20, 50, true);
        check(50, 50, 1, 20, 70, false);
        check(70, 50, 2, 10, 70, true);
        check(312, 50, 0, 20, 50, true);
        check(0, 0, 0, 20, 0, true);
        check(1, 50, i64::MAX, 20, i64::MAX, false);
        let full = Capacity { used: 50, included: 50, blocks: 0, block_size: 20 };
        assert_eq!((full.enlarged().allowed(), full.enlarged().is_full()), (70, false));
    }
}
