//! In charge of the statements on what is said in tickets (table `ticket_messages`).

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::{Bound, Filter};
use super::row::{flag, get, moment, text, word};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{MessageId, PersonId, TicketId};
use crate::model::outbox::{Delivery, State};
use crate::model::page::{Page, Window};
use crate::model::ticket::{Channel, Event, Message, MessageKind};

const COLUMNS: &str = "id, kind, shown, event, body, author_id, author_name, author_email, channel, created_at, mail";

fn read(row: &AnyRow) -> Result<Message> {
    let (event, mail): (Option<String>, Option<String>) = (get(row, "event")?, get(row, "mail")?);
    Ok(Message {
        id: text(row, "id")?.into(),
        kind: word(row, "kind", MessageKind::parse)?,
        is_shown: flag(row, "shown")?,
        event: event.as_deref().and_then(|event| serde_json::from_str(event).ok()),
        body: text(row, "body")?,
        author_id: get::<Option<String>>(row, "author_id")?.map(Into::into),
        author_name: text(row, "author_name")?,
        author_email: text(row, "author_email")?,
        channel: word(row, "channel", Channel::parse)?,
        created_at: moment(row, "created_at")?,
        mail: mail.as_deref().and_then(|mail| serde_json::from_str(mail).ok()),
    })
}

/// Writes an entry of a ticket's history.
pub async fn insert(tx: &mut Tx, ticket: &TicketId, message: &Message) -> Result<()> {
    let event = message.event.as_ref().and_then(|event| serde_json::to_string(event).ok());
    let mail = message.mail.as_ref().and_then(|mail| serde_json::to_string(mail).ok());
    sqlx::query(
        "INSERT INTO ticket_messages (id, ticket_id, kind, shown, event, body, author_id, author_name, author_email, channel,
         created_at, mail) VALUES ($1, $2, $3, $4, CAST($5 AS TEXT), $6, CAST($7 AS TEXT), $8, $9, $10, $11, CAST($12 AS TEXT))",
    )
    .bind(message.id.as_str())
    .bind(ticket.as_str())
    .bind(message.kind.as_str())
    .bind(i64::from(message.is_shown))
    .bind(event)
    .bind(&message.body)
    .bind(message.author_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(&message.author_name)
    .bind(&message.author_email)
    .bind(message.channel.as_str())
    .bind(message.created_at.0)
    .bind(mail)
    .execute(&mut **tx)
    .await?;
    super::ticket_pieces::add(tx, ticket, message).await
}

/// All the entries of a ticket itself.
pub(super) async fn of_ticket(c: &mut AnyConnection, ticket: &TicketId) -> Result<Vec<Message>> {
    let sql = format!("SELECT {COLUMNS} FROM ticket_messages WHERE ticket_id = $1 ORDER BY id");
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(ticket.as_str()).fetch_all(c).await?;
    rows.iter().map(read).collect()
}

/// What a ticket first said to everybody.
pub async fn first_said(c: &mut AnyConnection, ticket: &TicketId) -> Result<Option<String>> {
    let sql = "SELECT body FROM ticket_messages WHERE ticket_id = $1 AND kind = 'public' ORDER BY id LIMIT 1";
    let row = sqlx::query(sql).bind(ticket.as_str()).fetch_optional(c).await?;
    row.as_ref().map(|row| text(row, "body")).transpose()
}

/// The entries of a ticket's history, with what was said in those that were merged into it, one after another (K11); `whole` is
/// for the desk, others get what is for them (K06), and nothing of what is in the bin. Which those are is read first: said inside
/// the statement, PostgreSQL would go through every entry there is.
async fn history(c: &mut AnyConnection, ticket: &TicketId, whole: bool) -> Result<Filter> {
    let kept = if whole { "" } else { " WHERE t.deleted_at IS NULL" };
    let sql = format!(
        "WITH RECURSIVE joined (id, number) AS (SELECT id, number FROM tickets WHERE id = $1
         UNION SELECT t.id, t.number FROM tickets t JOIN joined j ON t.merged_into = j.number{kept}) SELECT id FROM joined"
    );
    let joined = sqlx::query(AssertSqlSafe(sql)).bind(ticket.as_str()).fetch_all(c).await?;
    let joined = joined.iter().map(|row| Ok(text(row, "id")?.into())).collect::<Result<Vec<Bound>>>()?;
    let mut filter = Filter::default();
    if joined.len() > 1 {
        filter.and("(ticket_id = ? OR kind <> 'event')", [ticket.as_str().into()]);
    }
    filter.and_in("ticket_id", joined);
    if !whole {
        filter.and("shown = 1 AND kind <> 'internal'", []);
    }
    Ok(filter)
}

/// The last entries of a history before one of them, oldest first; and whether there are older ones.
pub async fn latest(
    c: &mut AnyConnection,
    ticket: &TicketId,
    whole: bool,
    before: Option<&MessageId>,
    most: usize,
) -> Result<(Vec<Message>, bool)> {
    let mut filter = history(c, ticket, whole).await?;
    if let Some(before) = before {
        filter.and("id < ?", [before.as_str().into()]);
    }
    let sql = format!("SELECT {COLUMNS} FROM ticket_messages{} ORDER BY id DESC LIMIT {}", filter.sql(), most + 1);
    let rows = filter.query(sql).fetch_all(c).await?;
    let mut messages = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let are_older = messages.len() > most;
    messages.truncate(most);
    messages.reverse();
    Ok((messages, are_older))
}

/// The last reply in a ticket itself.
pub async fn last_said(c: &mut AnyConnection, ticket: &TicketId) -> Result<Option<MessageId>> {
    let sql = "SELECT id FROM ticket_messages WHERE ticket_id = $1 AND kind = 'public' ORDER BY id DESC LIMIT 1";
    let found: Option<String> = sqlx::query_scalar(sql).bind(ticket.as_str()).fetch_optional(c).await?;
    Ok(found.map(Into::into))
}

/// The history of a ticket, oldest first.
pub async fn list(c: &mut AnyConnection, ticket: &TicketId, whole: bool, window: &Window) -> Result<Page<Message>> {
    let mut filter = history(c, ticket, whole).await?;
    if let Some(after) = &window.after {
        filter.and("id > ?", [after.text(0).unwrap_or("").into()]);
    }
    let sql = format!("SELECT {COLUMNS} FROM ticket_messages{} ORDER BY id LIMIT {}", filter.sql(), window.ask());
    let rows = filter.query(sql).fetch_all(c).await?;
    let messages = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(messages, window, |last| vec![last.id.to_string()]))
}

/// One entry of a ticket.
pub async fn find(c: &mut AnyConnection, ticket: &TicketId, id: &str) -> Result<Option<Message>> {
    let sql = format!("SELECT {COLUMNS} FROM ticket_messages WHERE ticket_id = $1 AND id = $2");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(ticket.as_str()).bind(id).fetch_optional(c).await?;
    row.as_ref().map(read).transpose()
}

/// True when somebody else has replied after this entry.
pub async fn any_said_after(
    c: &mut AnyConnection,
    ticket: &TicketId,
    seen: &MessageId,
    but: &PersonId,
) -> Result<bool> {
    let sql = "SELECT 1 FROM ticket_messages WHERE ticket_id = $1 AND id > $2 AND kind = 'public'
        AND (author_id IS NULL OR author_id <> $3) LIMIT 1";
    let query = sqlx::query(sql).bind(ticket.as_str()).bind(seen.as_str()).bind(but.as_str());
    Ok(query.fetch_optional(c).await?.is_some())
}

/// The ticket that an entry belongs to.
pub async fn ticket_of(c: &mut AnyConnection, id: &str) -> Result<Option<TicketId>> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT ticket_id FROM ticket_messages WHERE id = $1").bind(id).fetch_optional(c).await?;
    Ok(found.map(Into::into))
}

/// Moves replies and notes to another ticket. Returns how many (K12).
pub async fn carry(tx: &mut Tx, from: &TicketId, to: &TicketId, only: &[MessageId]) -> Result<u64> {
    let mut filter = Filter::default();
    filter.and("ticket_id = ?", [from.as_str().into()]).and("kind <> 'event'", []);
    filter.and_in("id", only.iter().map(|id| Bound::from(id.as_str())));
    let sql = format!("UPDATE ticket_messages SET ticket_id = '{}'{}", to.as_str(), filter.sql());
    let moved = filter.query(sql).execute(&mut **tx).await?.rows_affected();
    super::ticket_pieces::carry(tx, to, only).await?;
    Ok(moved)
}

/// What has become of the people in copy of a ticket, the oldest first.
pub async fn copies_told(c: &mut AnyConnection, ticket: &TicketId) -> Result<Vec<Event>> {
    let sql =
        "SELECT event FROM ticket_messages WHERE ticket_id = $1 AND kind = 'event' AND event LIKE '%\"what\":\"cc\"%'
               ORDER BY id";
    let events: Vec<String> = sqlx::query_scalar(sql).bind(ticket.as_str()).fetch_all(c).await?;
    let read = events.iter().filter_map(|event| serde_json::from_str::<Event>(event).ok());
    Ok(read.filter(|event| event.what == "cc").collect())
}

/// How many entries of a ticket's history have come by mail since a moment.
pub async fn came_by_mail(c: &mut AnyConnection, ticket: &TicketId, since: Moment) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM ticket_messages WHERE ticket_id = $1 AND channel = 'email' AND kind = 'public'
               AND created_at > $2";
    sqlx::query_scalar(sql).bind(ticket.as_str()).bind(since.0).fetch_one(c).await
}

/// How the mails that each of these entries has caused stand (N10), by whom they go to.
pub async fn deliveries(c: &mut AnyConnection, ids: &[MessageId]) -> Result<HashMap<MessageId, Vec<Delivery>>> {
    let mut filter = Filter::default();
    filter.and_in("ticket_message_id", ids.iter().map(|id| Bound::from(id.as_str())));
    let sql = format!(
        "SELECT ticket_message_id, recipient, state FROM outbox_messages JOIN outbox ON id = mail_id{} ORDER BY id",
        filter.sql()
    );
    let mut found: HashMap<MessageId, Vec<Delivery>> = HashMap::new();
    for row in &filter.query(sql).fetch_all(c).await? {
        let one = Delivery { to: text(row, "recipient")?, state: word(row, "state", State::parse)? };
        found.entry(text(row, "ticket_message_id")?.into()).or_default().push(one);
    }
    Ok(found)
}
