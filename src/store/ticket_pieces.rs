//! In charge of the statements by which requests are found by their words (table `ticket_pieces`): full-text search of SQLite
//! (FTS5) and of PostgreSQL (tsvector), over terms that are the same for both.

use sqlx::AnyConnection;

use super::filter::{Bound, Filter};
use super::row::{get, text};
use super::tickets::{COLUMNS, fill, read};
use super::{Db, Engine, Result, Tx};
use crate::model::id::{MessageId, TicketId};
use crate::model::ticket::{Message, MessageKind, Ticket};
use crate::terms::{Asked, asked, terms};

/// How many requests are gone through at once.
const AT_ONCE: usize = 100;

/// What a request says of itself, for everybody who sees it; and its tags, which stay at the desk.
fn own(ticket: &Ticket) -> [(i64, String); 2] {
    let who = &ticket.requester;
    // A number is found with and without its zeros.
    let short = ticket.number.rsplit('-').next().unwrap_or_default().trim_start_matches('0');
    let said = [&ticket.number, short, &ticket.subject, &who.name, &who.email].join(" ");
    let answers = ticket.fields.iter().map(|one| one.value.as_str()).collect::<Vec<_>>().join(" ");
    [(0, terms(&format!("{said} {} {answers}", ticket.cc.join(" ")))), (1, terms(&ticket.tags.join(" ")))]
}

/// Keeps what a request says of itself.
pub(super) async fn put(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    for (desk, terms) in own(ticket) {
        let done = sqlx::query(
            "UPDATE ticket_pieces SET terms = $3 WHERE ticket_id = $1 AND message_id IS NULL AND desk = $2 AND terms <> $3",
        )
        .bind(ticket.id.as_str())
        .bind(desk)
        .bind(&terms)
        .execute(&mut **tx)
        .await?;
        // A request without tags has no piece for them.
        if done.rows_affected() > 0 || (desk == 1 && terms.is_empty()) {
            continue;
        }
        sqlx::query(
            "INSERT INTO ticket_pieces (ticket_id, message_id, desk, terms)
             SELECT $1, NULL, CAST($2 AS BIGINT), CAST($3 AS TEXT) WHERE NOT EXISTS
             (SELECT 1 FROM ticket_pieces WHERE ticket_id = $1 AND message_id IS NULL AND desk = $2)",
        )
        .bind(ticket.id.as_str())
        .bind(desk)
        .bind(&terms)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Keeps what was said in a request.
pub(super) async fn add(tx: &mut Tx, ticket: &TicketId, message: &Message) -> Result<()> {
    if message.kind == MessageKind::Event {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO ticket_pieces (ticket_id, message_id, desk, terms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(ticket.as_str())
    .bind(message.id.as_str())
    .bind(i64::from(message.kind == MessageKind::Internal))
    .bind(terms(&message.body))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps the names of files with the message that they came with.
pub(super) async fn add_names(tx: &mut Tx, message: &MessageId, names: &[String]) -> Result<()> {
    sqlx::query("UPDATE ticket_pieces SET terms = terms || ' ' || $2 WHERE message_id = $1")
        .bind(message.as_str())
        .bind(terms(&names.join(" ")))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes what was said along into another request.
pub(super) async fn carry(tx: &mut Tx, to: &TicketId, messages: &[MessageId]) -> Result<()> {
    let mut filter = Filter::default();
    let to = filter.bind([to.as_str().into()]);
    filter.and_in("message_id", messages.iter().map(|id| Bound::from(id.as_str())));
    let sql = format!("UPDATE ticket_pieces SET ticket_id = {to}{}", filter.sql());
    filter.query(sql).execute(&mut **tx).await?;
    Ok(())
}

/// A word that is looked for, and how it is best found.
#[derive(Debug, Clone)]
pub(super) struct Sought {
    word: Asked,
    /// It stands in so many requests that going through them in their order comes to enough of them soon.
    is_common: bool,
}

/// The words of a query, for who goes through all that is found: by the index.
pub(super) fn sought(query: &str) -> Vec<Sought> {
    asked(query).into_iter().map(|word| Sought { word, is_common: false }).collect()
}

/// So many of the newest pieces say how common a word is, and it is common when it stands in so many of them.
const SAMPLE: usize = 500;
const COMMON: i64 = 20;

/// The words of a query, for who takes the first few of what is found. It changes the way, never what is found.
pub(super) async fn sought_first(c: &mut AnyConnection, query: &str) -> Result<Vec<Sought>> {
    let mut words = sought(query);
    if words.is_empty() {
        return Ok(words);
    }
    let mut filter = Filter::default();
    let counts = words.iter().map(|one| {
        filter.and(HAS, patterns(&one.word));
        let part = filter.part();
        format!("COUNT(CASE WHEN {} THEN 1 END)", part.trim_start_matches(" WHERE "))
    });
    let counts: Vec<String> = counts.enumerate().map(|(number, count)| format!("{count} AS count_{number}")).collect();
    let sql = format!(
        "SELECT {} FROM (SELECT terms FROM ticket_pieces WHERE terms <> '' ORDER BY id DESC LIMIT {SAMPLE}) AS newest",
        counts.join(", ")
    );
    let row = filter.query(sql).fetch_one(c).await?;
    for (number, one) in words.iter_mut().enumerate() {
        one.is_common = get::<i64>(&row, &format!("count_{number}"))? >= COMMON;
    }
    Ok(words)
}

/// What the index finds, said of the terms themselves: they stand with a space between, and hold nothing that LIKE reads.
const HAS: &str = "(' ' || terms LIKE ? OR ' ' || terms || ' ' LIKE ?)";

fn patterns(one: &Asked) -> [Bound; 2] {
    let stem = one.stem.as_ref().unwrap_or(&one.start);
    [format!("% {}%", one.start).into(), format!("% {stem} %").into()]
}

/// Narrows a list of requests to those in which each word of a query is found. Who does not work at the desk finds nothing by
/// what stays there (K06).
pub(super) fn narrow(filter: &mut Filter, engine: Engine, words: &[Sought], is_desk: bool) {
    let desk = if is_desk { "" } else { " AND desk = 0" };
    for one in words {
        if one.is_common {
            // The offset keeps PostgreSQL from making a join of it, which reads every piece there is.
            let condition = format!(
                "EXISTS (SELECT 1 FROM ticket_pieces WHERE ticket_id = tickets.id AND {HAS}{desk} LIMIT 1 OFFSET 0)"
            );
            filter.and(&condition, patterns(&one.word));
            continue;
        }
        let condition = match engine {
            Engine::Sqlite => format!(
                "id IN (SELECT ticket_id FROM ticket_pieces WHERE
                 id IN (SELECT rowid FROM ticket_terms WHERE ticket_terms MATCH ?){desk})"
            ),
            // An array, because PostgreSQL takes every beginning of a word for a common one and would read all tickets.
            Engine::Postgres => format!(
                "id = ANY (ARRAY(SELECT ticket_id FROM ticket_pieces
                 WHERE to_tsvector('simple', terms) @@ to_tsquery('simple', ?){desk}))"
            ),
        };
        filter.and(&condition, [expression(engine, &one.word).into()]);
    }
}

/// One word in the engine's language of queries: nothing but letters and digits comes from whoever asks.
fn expression(engine: Engine, one: &Asked) -> String {
    let (start, stem) = (&one.start, one.stem.as_ref());
    match engine {
        Engine::Sqlite => {
            let stem = stem.map(|stem| format!(" OR \"{stem}\"")).unwrap_or_default();
            format!("\"{start}\"*{stem}")
        }
        Engine::Postgres => {
            let stem = stem.map(|stem| format!(" | {stem}")).unwrap_or_default();
            format!("{start}:*{stem}")
        }
    }
}

/// The engine behind a connection.
pub(super) fn engine_of(c: &AnyConnection) -> Engine {
    if c.backend_name() == "PostgreSQL" { Engine::Postgres } else { Engine::Sqlite }
}

/// Keeps what requests from before there was this table say: some at a time, so that a stop in between loses nothing; a second
/// round finds nothing to do.
pub(super) async fn catch_up(db: &Db) -> Result<()> {
    loop {
        let mut tx = db.begin().await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM tickets WHERE NOT EXISTS (SELECT 1 FROM ticket_pieces p WHERE p.ticket_id = tickets.id
             AND p.message_id IS NULL) ORDER BY id LIMIT {AT_ONCE}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *tx).await?;
        let mut tickets = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        fill(&mut tx, &mut tickets).await?;
        for ticket in &tickets {
            put(&mut tx, ticket).await?;
            let messages = super::ticket_messages::of_ticket(&mut tx, &ticket.id).await?;
            for message in &messages {
                add(&mut tx, &ticket.id, message).await?;
            }
            let names = sqlx::query(
                "SELECT a.message_id AS message_id, a.name AS name FROM attachments a JOIN ticket_messages m
                 ON m.id = a.message_id WHERE m.ticket_id = $1",
            )
            .bind(ticket.id.as_str())
            .fetch_all(&mut *tx)
            .await?;
            for row in &names {
                add_names(&mut tx, &text(row, "message_id")?.into(), &[text(row, "name")?]).await?;
            }
        }
        tx.commit().await?;
        if tickets.len() < AT_ONCE {
            return Ok(());
        }
    }
}
