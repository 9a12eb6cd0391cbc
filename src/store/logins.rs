//! In charge of the statements on logins of which no answer is known (table `logins`). Does not know who logs in.

use std::collections::HashSet;

use super::filter::{Bound, Filter};
use super::row::text;
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::MailboxId;

/// Writes down that logins to these mailboxes are about to be sent. Returns those that may be: where `most` in a row had no
/// answer, only one that was begun before `long_ago` lets another follow.
pub async fn begin(
    tx: &mut Tx,
    ids: &[MailboxId],
    now: Moment,
    most: i64,
    long_ago: Moment,
) -> Result<HashSet<MailboxId>> {
    let mut filter = Filter::default();
    filter.and_in("id", ids.iter().map(|id| Bound::from(id.as_str())));
    let sql = format!(
        "INSERT INTO logins (mailbox_id, unanswered, begun_at) SELECT id, 1, {now} FROM mailboxes{}
         ON CONFLICT (mailbox_id) DO UPDATE SET unanswered = logins.unanswered + 1, begun_at = excluded.begun_at
         WHERE logins.unanswered < {most} OR logins.begun_at <= {long_ago}
         RETURNING mailbox_id",
        filter.sql(),
        now = now.0,
        long_ago = long_ago.0,
    );
    filter.query(sql).fetch_all(&mut **tx).await?.iter().map(|row| Ok(text(row, "mailbox_id")?.into())).collect()
}

/// Writes down that the logins to these mailboxes came to something.
pub async fn end(tx: &mut Tx, ids: &[MailboxId]) -> Result<()> {
    let mut filter = Filter::default();
    filter.and_in("mailbox_id", ids.iter().map(|id| Bound::from(id.as_str())));
    filter.query(format!("DELETE FROM logins{}", filter.sql())).execute(&mut **tx).await?;
    Ok(())
}
