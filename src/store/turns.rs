//! In charge of the statements on turns (table `turns`): a person's reading holds a mailbox while it lasts, so that there is
//! one session at a time for each. Does not know what is read.

use sqlx::AssertSqlSafe;

use super::{Result, Tx};
use crate::model::id::MailboxId;

/// Takes the turn at a mailbox for `lease_ms` on the database's clock. False while somebody else has it, or while a visit is on
/// its way. The caller stands in line first (`store::visits::stand_in_line`).
pub async fn take(tx: &mut Tx, mailbox: &MailboxId, holder: &str, lease_ms: i64) -> Result<bool> {
    let now = tx.engine().now_expression();
    let sql = format!(
        "INSERT INTO turns (mailbox_id, holder, lease_until)
         SELECT id, $2, {now} + $3 FROM mailboxes WHERE id = $1
         AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.mailbox_id = $1 AND v.state = 'running' AND v.lease_until >= {now})
         ON CONFLICT (mailbox_id) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
         WHERE turns.lease_until < {now}"
    );
    let done =
        sqlx::query(AssertSqlSafe(sql)).bind(mailbox.as_str()).bind(holder).bind(lease_ms).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a turn back. Nothing happens when it is somebody else's by now.
pub async fn give_back(tx: &mut Tx, mailbox: &MailboxId, holder: &str) -> Result<()> {
    sqlx::query("DELETE FROM turns WHERE mailbox_id = $1 AND holder = $2")
        .bind(mailbox.as_str())
        .bind(holder)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
