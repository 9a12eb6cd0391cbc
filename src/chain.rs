//! In charge of what makes the trace tamper-evident (`security.md` 4): the hash of a row and of the one before it. Pure.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::model::trace::{Entry, Head};

/// The key of the chain: random, made once, in the database only sealed. Who can write rows cannot recompute it.
pub struct ChainKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChainKey(***)")
    }
}

impl ChainKey {
    /// From its bytes.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> ChainKey {
        ChainKey(bytes)
    }

    /// What the row's `hash` must be: a MAC over all its other fields, each with its length before it.
    pub fn hash(&self, entry: &Entry) -> Vec<u8> {
        let (seq, at) = (entry.seq.to_be_bytes(), entry.at.0.to_be_bytes());
        self.mac(&[
            b"row",
            &seq,
            &at,
            entry.actor.as_bytes(),
            entry.action.as_bytes(),
            entry.subject.as_bytes(),
            entry.detail.as_bytes(),
            entry.ip.as_bytes(),
            &entry.prev,
        ])
    }

    /// What the head's MAC must be: a tail that was cut off shows.
    pub fn head_mac(&self, seq: i64, hash: &[u8]) -> Vec<u8> {
        self.mac(&[b"head", &seq.to_be_bytes(), hash])
    }

    /// A new head.
    pub fn head(&self, seq: i64, hash: Vec<u8>) -> Head {
        let mac = self.head_mac(seq, &hash);
        Head { seq, hash, mac }
    }

    fn mac(&self, fields: &[&[u8]]) -> Vec<u8> {
        mac(&self.0, fields)
    }
}

/// What only who has the key can say of these fields (HMAC-SHA-256), each with its length before it.
pub fn mac(key: &[u8; 32], fields: &[&[u8]]) -> Vec<u8> {
    // HMAC takes a key of any length (RFC 2104, 3).
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("any length will do"));
    for field in fields {
        mac.update(&(field.len() as u64).to_be_bytes());
        mac.update(field);
    }
    mac.finalize().into_bytes().to_vec()
}

/// Where a chain is broken, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// A number is missing before this row.
    Gap(i64),
    /// The row does not follow from the one before it.
    Link(i64),
    /// The row is not what was written.
    Row(i64),
    /// The head is not what was written.
    Head,
    /// Rows after this one have been cut off.
    Tail(i64),
}

impl std::fmt::Display for Break {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Break::Gap(seq) => write!(f, "a row is missing before row {seq}"),
            Break::Link(seq) => write!(f, "row {seq} does not follow from the one before it"),
            Break::Row(seq) => write!(f, "row {seq} is not what was written"),
            Break::Head => write!(f, "the head of the chain is not what was written"),
            Break::Tail(seq) => write!(f, "rows after row {seq} have been cut off"),
        }
    }
}

/// Walks a chain row by row.
#[derive(Debug)]
pub struct Walk<'k> {
    key: &'k ChainKey,
    seq: i64,
    hash: Vec<u8>,
}

impl<'k> Walk<'k> {
    /// At the beginning, before the first row.
    pub fn new(key: &'k ChainKey) -> Walk<'k> {
        Walk { key, seq: 0, hash: Vec::new() }
    }

    /// The last row walked over.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// Takes the next row.
    pub fn step(&mut self, entry: &Entry) -> Result<(), Break> {
        match entry {
            _ if entry.seq != self.seq + 1 => Err(Break::Gap(entry.seq)),
            _ if entry.prev != self.hash => Err(Break::Link(entry.seq)),
            _ if entry.hash != self.key.hash(entry) => Err(Break::Row(entry.seq)),
            _ => {
                (self.seq, self.hash) = (entry.seq, entry.hash.clone());
                Ok(())
            }
        }
    }

    /// Compares the end of the walk with the head.
    pub fn end(&self, head: &Head) -> Result<(), Break> {
        match head {
            _ if head.mac != self.key.head_mac(head.seq, &head.hash) => Err(Break::Head),
            _ if head.seq > self.seq => Err(Break::Tail(self.seq)),
            _ if head.seq != self.seq || head.hash != self.hash => Err(Break::Head),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;

    fn chain(key: &ChainKey, rows: i64) -> (Vec<Entry>, Head) {
        let mut entries: Vec<Entry> = Vec::new();
        for seq in 1..=rows {
            let prev = entries.last().map(|last| last.hash.clone()).unwrap_or_default();
            let mut entry = Entry {
                seq,
                at: Moment(1000 * seq),
                actor: "anna@example.org".into(),
                action: "mailbox.opened".into(),
                subject: "a@pec.example".into(),
                detail: String::new(),
                ip: "127.0.0.1".into(),
                prev,
                hash: Vec::new(),
            };
            entry.hash = key.hash(&entry);
            entries.push(entry);
        }
        let hash = entries.last().map(|last| last.hash.clone()).unwrap_or_default();
        (entries, key.head(rows, hash))
    }

    fn walk(key: &ChainKey, entries: &[Entry], head: &Head) -> Result<(), Break> {
        let mut walk = Walk::new(key);
        entries.iter().try_for_each(|entry| walk.step(entry))?;
        walk.end(head)
    }

    #[test]
    fn a_chain_holds_and_every_kind_of_tampering_shows_at_its_row() {
        let key = ChainKey::new(Zeroizing::new([7; 32]));
        let (entries, head) = chain(&key, 4);
        assert_eq!(walk(&key, &entries, &head), Ok(()));
        assert_eq!(walk(&key, &[], &chain(&key, 0).1), Ok(()));

        let check = |what: &str, expected: Break, spoil: &dyn Fn(&mut Vec<Entry>, &mut Head)| {
            let (mut entries, mut head) = (entries.clone(), head.clone());
            spoil(&mut entries, &mut head);
            assert_eq!(walk(&key, &entries, &head), Err(expected), "{what}");
        };
        check("a word changed", Break::Row(2), &|rows, _| rows[1].subject = "b@pec.example".into());
        check("a letter moved between fields", Break::Row(2), &|rows, _| {
            rows[1].actor.push('m');
            rows[1].action.remove(0);
        });
        check("a row removed", Break::Gap(3), &|rows, _| drop(rows.remove(1)));
        check("rows removed and renumbered", Break::Link(2), &|rows, _| {
            rows.remove(1);
            rows[1].seq = 2;
        });
        check("the tail cut", Break::Tail(3), &|rows, _| drop(rows.pop()));
        check("the tail cut and the head put back", Break::Head, &|rows, head| {
            rows.pop();
            (head.seq, head.hash) = (3, rows[2].hash.clone());
        });
        check("recomputed with another key", Break::Row(4), &|rows, _| {
            rows[3].detail = "x".into();
            rows[3].hash = ChainKey::new(Zeroizing::new([8; 32])).hash(&rows[3]);
        });
    }
}
