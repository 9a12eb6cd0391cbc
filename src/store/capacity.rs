//! In charge of the statements on the capacity (table `capacity`): the number of blocks, and how many places are taken.

use sqlx::AnyConnection;

use super::{Result, Tx};

/// How many blocks there are.
pub async fn blocks(c: &mut AnyConnection) -> Result<i64> {
    sqlx::query_scalar("SELECT blocks FROM capacity WHERE id = 1").fetch_one(c).await
}

/// Locks the row until the write ends and gives the number of blocks: who wants a place stands in one line.
pub async fn lock(tx: &mut Tx) -> Result<i64> {
    sqlx::query_scalar("UPDATE capacity SET blocks = blocks WHERE id = 1 RETURNING blocks").fetch_one(&mut **tx).await
}

/// Writes the number of blocks.
pub async fn set_blocks(tx: &mut Tx, blocks: i64) -> Result<()> {
    sqlx::query("UPDATE capacity SET blocks = $1 WHERE id = 1").bind(blocks).execute(&mut **tx).await?;
    Ok(())
}

/// How many places are taken: every mailbox takes one.
pub async fn used(c: &mut AnyConnection) -> Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM mailboxes").fetch_one(c).await
}
