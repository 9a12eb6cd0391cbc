//! In charge of the statements on the trace (tables `audit`, `audit_head`). There is none that changes or deletes a row.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::filter::Filter;
use super::row::{get, moment, text};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::page::{Page, Window};
use crate::model::trace::{Entry, Head};
use crate::text::like_escape;

/// What a reader of the trace looks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub actor: Option<String>,
    pub action: Option<String>,
    pub subject: Option<String>,
    /// What actor and subject, or its detail, hold somewhere, as typed or in small letters.
    pub actor_holds: Option<Typed>,
    pub subject_holds: Option<Typed>,
    pub from: Option<Moment>,
    /// This moment is left out.
    pub to: Option<Moment>,
}

/// What somebody has typed to look for.
#[derive(Debug, Clone)]
pub struct Typed {
    pub text: String,
    /// What the trace calls it, or begins with, where it has another word for what the page shows.
    pub means: Option<String>,
}

impl Typed {
    /// A condition that one of these columns holds it.
    fn narrow(&self, filter: &mut Filter, columns: &[&str]) {
        let part = format!("%{}%", like_escape(&self.text));
        let small = format!("%{}%", like_escape(&self.text.to_lowercase()));
        let (mut conditions, mut values) = (Vec::new(), Vec::new());
        for column in columns {
            conditions.push(format!("{column} LIKE ? ESCAPE '\\' OR LOWER({column}) LIKE ? ESCAPE '\\'"));
            values.extend([part.clone().into(), small.clone().into()]);
        }
        if let Some(means) = &self.means {
            conditions.push(format!("{} LIKE ? ESCAPE '\\'", columns[0]));
            values.push(format!("{}%", like_escape(means)).into());
        }
        filter.and(&format!("({})", conditions.join(" OR ")), values);
    }
}

/// Writes the head of a chain that has none.
pub async fn insert_head(tx: &mut Tx, head: &Head) -> Result<()> {
    sqlx::query("INSERT INTO audit_head (id, seq, hash, mac) VALUES (1, $1, $2, $3)")
        .bind(head.seq)
        .bind(&head.hash)
        .bind(&head.mac)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Locks the head until the write ends and reads it: writers of the trace stand in one line.
pub async fn lock_head(tx: &mut Tx) -> Result<Head> {
    let row = sqlx::query("UPDATE audit_head SET seq = seq WHERE id = 1 RETURNING seq, hash, mac")
        .fetch_one(&mut **tx)
        .await?;
    read_head(&row)
}

/// The head as it stands.
pub async fn head(c: &mut AnyConnection) -> Result<Option<Head>> {
    let row = sqlx::query("SELECT seq, hash, mac FROM audit_head WHERE id = 1").fetch_optional(c).await?;
    row.as_ref().map(read_head).transpose()
}

fn read_head(row: &AnyRow) -> Result<Head> {
    Ok(Head { seq: get(row, "seq")?, hash: get(row, "hash")?, mac: get(row, "mac")? })
}

/// Adds a row and moves the head to it.
pub async fn append(tx: &mut Tx, entry: &Entry, mac: &[u8]) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit (seq, at, actor, action, subject, detail, ip, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(entry.seq)
    .bind(entry.at.0)
    .bind(&entry.actor)
    .bind(&entry.action)
    .bind(&entry.subject)
    .bind(&entry.detail)
    .bind(&entry.ip)
    .bind(&entry.prev)
    .bind(&entry.hash)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE audit_head SET seq = $1, hash = $2, mac = $3 WHERE id = 1")
        .bind(entry.seq)
        .bind(&entry.hash)
        .bind(mac)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

const COLUMNS: &str = "seq, at, actor, action, subject, detail, ip, prev, hash";

fn read(row: &AnyRow) -> Result<Entry> {
    Ok(Entry {
        seq: get(row, "seq")?,
        at: moment(row, "at")?,
        actor: text(row, "actor")?,
        action: text(row, "action")?,
        subject: text(row, "subject")?,
        detail: text(row, "detail")?,
        ip: text(row, "ip")?,
        prev: get(row, "prev")?,
        hash: get(row, "hash")?,
    })
}

/// The rows after one of them, in order: how the chain is walked.
pub async fn after(c: &mut AnyConnection, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    let mut filter = Filter::default();
    filter.and("seq > ?", [seq.into()]);
    let sql = format!("SELECT {COLUMNS} FROM audit{} ORDER BY seq LIMIT {limit}", filter.sql());
    filter.query(sql).fetch_all(c).await?.iter().map(read).collect()
}

/// The newest rows that match, newest first.
pub async fn list(c: &mut AnyConnection, wanted: &Wanted, window: &Window) -> Result<Page<Entry>> {
    let mut filter = Filter::default();
    for (column, value) in [("actor", &wanted.actor), ("action", &wanted.action), ("subject", &wanted.subject)] {
        if let Some(value) = value {
            filter.and(&format!("{column} = ?"), [value.as_str().into()]);
        }
    }
    if let Some(typed) = &wanted.actor_holds {
        typed.narrow(&mut filter, &["actor"]);
    }
    if let Some(typed) = &wanted.subject_holds {
        typed.narrow(&mut filter, &["subject", "detail"]);
    }
    if let Some(from) = wanted.from {
        filter.and("at >= ?", [from.0.into()]);
    }
    if let Some(to) = wanted.to {
        filter.and("at < ?", [to.0.into()]);
    }
    if let Some(after) = &window.after {
        filter.and("seq < ?", [after.number(0).unwrap_or(0).into()]);
    }
    let sql = format!("SELECT {COLUMNS} FROM audit{} ORDER BY seq DESC LIMIT {}", filter.sql(), window.ask());
    let rows = filter.query(sql).fetch_all(c).await?;
    let entries = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(entries, window, |last| vec![last.seq.to_string()]))
}
