//! In charge of the statements on what leaves (table `outbox`): who has which mail in hand, until when, and how it went.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::Filter;
use super::row::{flag, get, moment, moment_or_none, text, word};
use super::{Engine, Result, Tx};
use crate::clock::Moment;
use crate::model::id::{MailId, MessageId};
use crate::model::outbox::{Delivery, Fault, Mail, State};
use crate::model::page::{Page, Window};
use crate::model::ticket::{NoticeKind, Sight};

const COLUMNS: &str = "id, recipient, subject, state, attempts, next_try_at, fault, reply, created_at, sent_at,
    ticket_number, gathers, CASE WHEN sealed_mail IS NULL THEN 0 ELSE 1 END AS has_text";

fn read(row: &AnyRow) -> Result<Mail> {
    let state = word(row, "state", State::parse)?;
    let fault: Option<String> = get(row, "fault")?;
    let news: Option<String> = get(row, "gathers")?;
    Ok(Mail {
        id: text(row, "id")?.into(),
        to: text(row, "recipient")?,
        subject: text(row, "subject")?,
        state,
        attempts: get(row, "attempts")?,
        next_try_at: (state == State::Queued).then(|| moment(row, "next_try_at")).transpose()?,
        fault: fault.as_deref().and_then(Fault::parse),
        reply: get(row, "reply")?,
        created_at: moment(row, "created_at")?,
        sent_at: moment_or_none(row, "sent_at")?,
        ticket_number: get(row, "ticket_number")?,
        news: news.as_deref().and_then(NoticeKind::parse),
        has_text: get::<i32>(row, "has_text")? == 1,
    })
}

/// A mail as it is to leave: its text sealed, its subject in the open.
#[derive(Debug)]
pub struct Frozen<'m> {
    pub id: &'m MailId,
    pub subject: &'m str,
    pub sealed: &'m [u8],
    /// Of one that takes later ones into itself: for whom, and what it says part by part, sealed.
    pub parts: Option<(NoticeKind, Vec<u8>)>,
    pub due: Moment,
    /// It leaves with an empty sender, so that nothing answers it.
    pub is_answer: bool,
}

/// Puts a mail in the outbox.
pub async fn insert(
    tx: &mut Tx,
    mail: &Frozen<'_>,
    message_id: &str,
    to: &str,
    ticket_number: Option<&str>,
    now: Moment,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO outbox (id, message_id, recipient, subject, sealed_mail, state, attempts, next_try_at, fence, created_at,
         ticket_number, is_answer)
         VALUES ($1, $2, $3, $4, $5, 'queued', 0, $6, 0, $7, CAST($8 AS TEXT), $9)",
    )
    .bind(mail.id.as_str())
    .bind(message_id)
    .bind(to)
    .bind(mail.subject)
    .bind(mail.sealed)
    .bind(mail.due.0)
    .bind(now.0)
    .bind(ticket_number)
    .bind(i64::from(mail.is_answer))
    .execute(&mut **tx)
    .await?;
    keep_parts(tx, mail).await
}

async fn keep_parts(tx: &mut Tx, mail: &Frozen<'_>) -> Result<()> {
    if let Some((kind, parts)) = &mail.parts {
        sqlx::query("UPDATE outbox SET gathers = $2, sealed_parts = $3 WHERE id = $1")
            .bind(mail.id.as_str())
            .bind(kind.as_str())
            .bind(parts)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// A mail that waits for more.
#[derive(Debug)]
pub struct Gathering {
    pub id: MailId,
    pub message_id: String,
    pub created_at: Moment,
    pub sealed_parts: Vec<u8>,
}

/// The mail about a ticket that waits for more to say to this recipient; nobody takes it in hand before our end.
pub async fn gathering(
    tx: &mut Tx,
    ticket_number: &str,
    to: &str,
    kind: NoticeKind,
    now: Moment,
) -> Result<Option<Gathering>> {
    let sql = format!(
        "SELECT id, message_id, created_at, sealed_parts FROM outbox WHERE ticket_number = $1 AND recipient = $2
         AND gathers = $3 AND state = 'queued' AND attempts = 0 AND next_try_at > $4 ORDER BY id DESC LIMIT 1{}",
        // Whoever holds it (a delivery, a run) may wait for what we hold: another mail is written then.
        tx.engine().for_update_of_free()
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(ticket_number)
        .bind(to)
        .bind(kind.as_str())
        .bind(now.0)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| {
        Ok(Gathering {
            id: text(&row, "id")?.into(),
            message_id: text(&row, "message_id")?,
            created_at: moment(&row, "created_at")?,
            sealed_parts: get::<Option<Vec<u8>>>(&row, "sealed_parts")?.unwrap_or_default(),
        })
    })
    .transpose()
}

/// Writes a mail that waits for more anew, with more in it. The caller has it from [`gathering`].
pub async fn freeze_again(tx: &mut Tx, mail: &Frozen<'_>) -> Result<()> {
    sqlx::query("UPDATE outbox SET subject = $2, sealed_mail = $3, next_try_at = $4 WHERE id = $1")
        .bind(mail.id.as_str())
        .bind(mail.subject)
        .bind(mail.sealed)
        .bind(mail.due.0)
        .execute(&mut **tx)
        .await?;
    keep_parts(tx, mail).await
}

/// Gives up a mail that has just been written down and has no text: it could not be made.
pub async fn is_unwritten(tx: &mut Tx, id: &MailId) -> Result<()> {
    let sql = format!(
        "UPDATE outbox SET state = 'failed', fault = $2, sealed_mail = NULL, sealed_parts = NULL, {TO_TELL} WHERE id = $1"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).bind(Fault::Unwritten.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// Writes down that a mail tells of this entry of a ticket's history.
pub async fn is_of(tx: &mut Tx, id: &MailId, message: &MessageId) -> Result<()> {
    sqlx::query("INSERT INTO outbox_messages (mail_id, ticket_message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(id.as_str())
        .bind(message.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What is written beside `failed`: a word to who asked is to be told to the desk.
const TO_TELL: &str = "is_untold = CASE WHEN gathers = 'own' AND ticket_number IS NOT NULL THEN 1 ELSE 0 END";

/// Gives up a mail that has just been written down, before anybody has taken it.
pub async fn give_up(tx: &mut Tx, id: &MailId, fault: Fault, reply: &str) -> Result<()> {
    let sql = format!(
        "UPDATE outbox SET state = 'failed', fault = $2, reply = $3, {TO_TELL} WHERE id = $1 AND state = 'queued'"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).bind(fault.as_str()).bind(reply).execute(&mut **tx).await?;
    Ok(())
}

/// The mail of a Message-ID, with its brackets.
pub async fn of_message(c: &mut AnyConnection, message_id: &str) -> Result<Option<Mail>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE message_id = $1");
    sqlx::query(AssertSqlSafe(sql)).bind(message_id).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// Writes down that a mail which had left did not arrive. False when that is known, or it has not left.
pub async fn bounced(tx: &mut Tx, id: &MailId, reply: &str) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE outbox SET state = 'failed', fault = $2, reply = $3
         WHERE id = $1 AND state IN ('sent', 'uncertain', 'handing_over')",
    )
    .bind(id.as_str())
    .bind(Fault::Refused.as_str())
    .bind(reply)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Mails that are words to those who asked, have not left for good, and of which the desk was not told.
pub async fn untold(c: &mut AnyConnection, most: i64) -> Result<Vec<Mail>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE is_untold = 1 AND state = 'failed' ORDER BY id LIMIT $1");
    sqlx::query(AssertSqlSafe(sql)).bind(most).fetch_all(c).await?.iter().map(read).collect()
}

/// Writes down that the desk is told of one. False when somebody else tells it, or it is tried again.
pub async fn told(tx: &mut Tx, id: &MailId) -> Result<bool> {
    let done = sqlx::query("UPDATE outbox SET is_untold = 0 WHERE id = $1 AND is_untold = 1 AND state = 'failed'")
        .bind(id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// True when there is something to do: a mail that is due, or one whose holder is gone.
pub async fn any_due(c: &mut AnyConnection, engine: Engine, now: Moment) -> Result<bool> {
    let sql = format!(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE state = 'queued' AND next_try_at <= $1)
         OR EXISTS (SELECT 1 FROM outbox WHERE state IN ('sending', 'handing_over') AND lease_until < {}) THEN 1 ELSE 0 END",
        engine.now_expression()
    );
    Ok(sqlx::query_scalar::<_, i32>(AssertSqlSafe(sql)).bind(now.0).fetch_one(c).await? == 1)
}

/// Whose mails are taken out of their hands.
#[derive(Debug, Clone, Copy)]
pub enum InHandOf<'n> {
    /// A node that stops in order.
    Node(&'n str),
    /// Whose lease has ended.
    TheDead,
    /// All: a start on SQLite, where there is one node.
    Anybody,
}

/// Gives back what somebody has in hand. Whose text the server has not been given is queued again; of the rest nobody knows
/// whether it left.
pub async fn hand_back(tx: &mut Tx, whose: InHandOf<'_>) -> Result<u64> {
    let now = tx.engine().now_expression();
    let mut done = 0;
    for (from, to) in [
        ("sending", "state = 'queued'".to_string()),
        ("handing_over", format!("state = 'uncertain', fault = '{}'", Fault::Interrupted.as_str())),
    ] {
        let mut filter = Filter::default();
        filter.and("state = ?", [from.into()]);
        match whose {
            InHandOf::Node(node) => drop(filter.and("node = ?", [node.into()])),
            InHandOf::TheDead => drop(filter.and(&format!("lease_until < {now}"), [])),
            InHandOf::Anybody => {}
        }
        let sql = format!("UPDATE outbox SET {to}, node = NULL, lease_until = NULL, fence = fence + 1{}", filter.sql());
        done += filter.query(sql).execute(&mut **tx).await?.rows_affected();
    }
    Ok(done)
}

/// A mail in this node's hand.
pub struct InHand {
    pub id: MailId,
    pub to: String,
    pub message_id: String,
    pub sealed: Vec<u8>,
    pub attempts: i64,
    /// It leaves with an empty sender.
    pub is_answer: bool,
    /// It is about a request.
    pub is_about_ticket: bool,
    /// Grows with every claim: a holder that wakes up late finds another number and changes nothing.
    pub fence: i64,
}

/// Takes the next mails that are due, oldest first.
pub async fn claim(tx: &mut Tx, node: &str, now: Moment, lease_ms: i64, most: i64) -> Result<Vec<InHand>> {
    let clock = tx.engine().now_expression();
    // Two nodes at once: the second waits for the row, and finds it taken.
    let sql = format!(
        "UPDATE outbox SET state = 'sending', node = $1, fence = fence + 1, attempts = attempts + 1, lease_until = {clock} + $2
         WHERE id IN (SELECT id FROM outbox WHERE state = 'queued' AND next_try_at <= $3 ORDER BY next_try_at, id LIMIT $4)
         AND state = 'queued' RETURNING id, recipient, message_id, sealed_mail, attempts, fence, is_answer, ticket_number"
    );
    let rows =
        sqlx::query(AssertSqlSafe(sql)).bind(node).bind(lease_ms).bind(now.0).bind(most).fetch_all(&mut **tx).await?;
    let mut mails = rows
        .iter()
        .map(|row| {
            Ok(InHand {
                id: text(row, "id")?.into(),
                to: text(row, "recipient")?,
                message_id: text(row, "message_id")?,
                sealed: get::<Option<Vec<u8>>>(row, "sealed_mail")?.unwrap_or_default(),
                attempts: get(row, "attempts")?,
                fence: get(row, "fence")?,
                is_answer: flag(row, "is_answer")?,
                is_about_ticket: get::<Option<String>>(row, "ticket_number")?.is_some(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    mails.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(mails)
}

/// What becomes of a mail in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The server is about to be given the text.
    HandingOver { lease_ms: i64 },
    /// The server has taken it: its text is not needed any longer.
    Sent { at: Moment },
    /// It will be tried again.
    PutOff { until: Moment },
    /// It will not be tried again by itself.
    Given { up_as: State },
}

/// Writes what becomes of a mail in hand. False when it is not in our hand any longer: then nothing is changed.
pub async fn turn(tx: &mut Tx, mail: &InHand, turn: Turn, fault: Option<Fault>, reply: Option<&str>) -> Result<bool> {
    let clock = tx.engine().now_expression();
    let (set, held) = match turn {
        Turn::HandingOver { lease_ms } => (
            format!("state = 'handing_over', lease_until = {clock} + {lease_ms}"),
            format!(" AND lease_until >= {clock}"),
        ),
        Turn::Sent { at } => (
            format!(
                "state = 'sent', sent_at = {}, sealed_mail = NULL, sealed_parts = NULL, node = NULL, lease_until = NULL",
                at.0
            ),
            String::new(),
        ),
        Turn::PutOff { until } => {
            (format!("state = 'queued', next_try_at = {}, node = NULL, lease_until = NULL", until.0), String::new())
        }
        Turn::Given { up_as } => {
            let to_tell = if up_as == State::Failed { TO_TELL } else { "is_untold = 0" };
            (format!("state = '{}', node = NULL, lease_until = NULL, {to_tell}", up_as.as_str()), String::new())
        }
    };
    let sql = format!(
        "UPDATE outbox SET {set}, fault = CAST($3 AS TEXT), reply = CAST($4 AS TEXT)
         WHERE id = $1 AND fence = $2 AND state IN ('sending', 'handing_over'){held}"
    );
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(mail.id.as_str())
        .bind(mail.fence)
        .bind(fault.map(Fault::as_str))
        .bind(reply)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes a mail due now. False when it has left, or somebody has it in hand.
pub async fn retry(tx: &mut Tx, id: &MailId, now: Moment) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE outbox SET state = 'queued', next_try_at = $2, is_untold = 0
         WHERE id = $1 AND state IN ('queued', 'failed', 'uncertain') AND sealed_mail IS NOT NULL",
    )
    .bind(id.as_str())
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes all mails that wait for their moment due now.
pub async fn hurry(tx: &mut Tx, now: Moment) -> Result<()> {
    sqlx::query("UPDATE outbox SET next_try_at = $1 WHERE state = 'queued' AND next_try_at > $1")
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The mails that may be known of by who sees so much: all, or those about tickets that it sees.
fn within(sight: &Sight) -> Filter {
    let mut filter = Filter::default();
    if *sight != Sight::Everything {
        super::ticket_list::seen(&mut filter, sight);
        let seen = filter.sql();
        filter.instead(&format!("ticket_number IN (SELECT number FROM tickets{seen})"));
    }
    filter
}

/// One mail.
pub async fn find(c: &mut AnyConnection, sight: &Sight, id: &MailId) -> Result<Option<Mail>> {
    let mut filter = within(sight);
    filter.and("id = ?", [id.as_str().into()]);
    let sql = format!("SELECT {COLUMNS} FROM outbox{}", filter.sql());
    filter.query(sql).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// The mails, newest first; of these states only, when some are given.
pub async fn list(c: &mut AnyConnection, sight: &Sight, states: &[State], window: &Window) -> Result<Page<Mail>> {
    let mut filter = within(sight);
    if !states.is_empty() {
        filter.and_in("state", states.iter().map(|state| state.as_str().into()));
    }
    if let Some(after) = &window.after {
        filter.and("id < ?", [after.text(0).unwrap_or("").into()]);
    }
    let sql = format!("SELECT {COLUMNS} FROM outbox{} ORDER BY id DESC LIMIT {}", filter.sql(), window.ask());
    let rows = filter.query(sql).fetch_all(c).await?;
    let mails = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(mails, window, |last| vec![last.id.to_string()]))
}

/// How the last mail about a ticket to each of those who got one stands.
pub async fn of_ticket(c: &mut AnyConnection, number: &str) -> Result<Vec<Delivery>> {
    let sql = "SELECT recipient, state FROM outbox WHERE ticket_number = $1 ORDER BY id";
    let mut last: Vec<Delivery> = Vec::new();
    for row in &sqlx::query(sql).bind(number).fetch_all(c).await? {
        let one = Delivery { to: text(row, "recipient")?, state: word(row, "state", State::parse)? };
        last.retain(|known| known.to != one.to);
        last.push(one);
    }
    Ok(last)
}

/// How many mails have not left and wait for a person, and how many wait for their moment.
pub async fn count_waiting(c: &mut AnyConnection, sight: &Sight) -> Result<(i64, i64)> {
    let mut filter = within(sight);
    filter.and("state <> 'sent'", []);
    let sql = format!(
        "SELECT COUNT(*) FILTER (WHERE state IN ('failed', 'uncertain')) AS stuck,
         COUNT(*) FILTER (WHERE state IN ('queued', 'sending', 'handing_over')) AS waiting FROM outbox{}",
        filter.sql()
    );
    let row = filter.query(sql).fetch_one(c).await?;
    Ok((get(&row, "stuck")?, get(&row, "waiting")?))
}

/// Throws away the rows of mails that left before a moment, and of those made before another that never did.
pub async fn delete_old(tx: &mut Tx, sent_before: Moment, made_before: Moment) -> Result<()> {
    let sent = "DELETE FROM outbox WHERE state = 'sent' AND sent_at < $1";
    sqlx::query(sent).bind(sent_before.0).execute(&mut **tx).await?;
    let stuck = "DELETE FROM outbox WHERE state <> 'sent' AND state IN ('failed', 'uncertain') AND created_at < $1";
    sqlx::query(stuck).bind(made_before.0).execute(&mut **tx).await?;
    Ok(())
}
