//! In charge of the statements on mail that becomes requests (table `intake_mails`). Does not know what a mail says.

use std::collections::HashSet;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::Filter;
use super::row::{get, moment, text, word};
use super::{Engine, Result, Tx};
use crate::clock::Moment;
use crate::model::id::{IntakeMailId, IntakeMailboxId, MessageId, TicketId};
use crate::model::intake::{IntakeMail, MailReason, MailState};
use crate::model::job::Tally;
use crate::model::page::{Page, Window};
use crate::model::ticket::Sight;
use crate::text::fold;

/// So long two mails without an id that say the same are the same, in milliseconds.
const SAME_WITHIN: i64 = 3 * 24 * 3_600_000;

const COLUMNS: &str =
    "id, mailbox_id, uid_validity, uid, sha256, size, state, reason, tries, message_id, sender_name, sender_email,
    subject, received_at, taken_at, ticket_id";

fn read(row: &AnyRow) -> Result<IntakeMail> {
    let reason: Option<String> = get(row, "reason")?;
    Ok(IntakeMail {
        id: text(row, "id")?.into(),
        mailbox_id: get::<Option<String>>(row, "mailbox_id")?.map(Into::into),
        uid_validity: get(row, "uid_validity")?,
        uid: get(row, "uid")?,
        sha256: text(row, "sha256")?,
        size: get(row, "size")?,
        state: word(row, "state", MailState::parse)?,
        reason: reason.as_deref().and_then(MailReason::parse),
        tries: get(row, "tries")?,
        message_id: get(row, "message_id")?,
        sender_name: get(row, "sender_name")?,
        sender_email: get(row, "sender_email")?,
        subject: get(row, "subject")?,
        received_at: moment(row, "received_at")?,
        taken_at: moment(row, "taken_at")?,
        ticket_id: get::<Option<String>>(row, "ticket_id")?.map(Into::into),
    })
}

/// Writes down that a mail's bytes are here. False when its number is known already: nothing is written.
pub async fn insert(tx: &mut Tx, one: &IntakeMail) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO intake_mails (id, mailbox_id, uid_validity, uid, sha256, size, state, reason, tries, received_at, taken_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, CAST($8 AS TEXT), 0, $9, $10) ON CONFLICT DO NOTHING",
    )
    .bind(one.id.as_str())
    .bind(one.mailbox_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(one.uid_validity)
    .bind(one.uid)
    .bind(&one.sha256)
    .bind(one.size)
    .bind(one.state.as_str())
    .bind(one.reason.map(MailReason::as_str))
    .bind(one.received_at.0)
    .bind(one.taken_at.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The numbers of a mailbox's mails that are here: of this numbering, from this number on.
pub async fn known(
    c: &mut AnyConnection,
    mailbox: &IntakeMailboxId,
    (uid_validity, from): (i64, i64),
) -> Result<HashSet<u32>> {
    let rows = sqlx::query("SELECT uid FROM intake_mails WHERE mailbox_id = $1 AND uid_validity = $2 AND uid >= $3")
        .bind(mailbox.as_str())
        .bind(uid_validity)
        .bind(from)
        .fetch_all(c)
        .await?;
    rows.iter().map(|row| Ok(u32::try_from(get::<i64>(row, "uid")?).unwrap_or_default())).collect()
}

/// What stands in nobody's hand, by the database's clock.
fn free(engine: Engine) -> String {
    format!("state = 'received' AND (taken_until IS NULL OR taken_until < {})", engine.now_expression())
}

/// The next mails to be read that are in nobody's hand, in the order in which they came; with how often each was begun.
pub async fn next(c: &mut AnyConnection, engine: Engine, most: i64) -> Result<Vec<(IntakeMailId, i64)>> {
    let sql = format!("SELECT id, tries FROM intake_mails WHERE {} ORDER BY id LIMIT {most}", free(engine));
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(c).await?;
    rows.iter().map(|row| Ok((text(row, "id")?.into(), get(row, "tries")?))).collect()
}

/// Takes mails in hand for so long, and counts their reading before it is begun: one that ends the program is not begun for ever.
/// Without those that somebody else has, or has read meanwhile.
pub async fn begin(tx: &mut Tx, ids: &[IntakeMailId], lease_ms: i64) -> Result<Vec<IntakeMail>> {
    let engine = tx.engine();
    let mut filter = Filter::default();
    filter.and_in("id", ids.iter().map(|id| id.as_str().into())).and(&free(engine), []);
    let sql = format!(
        "UPDATE intake_mails SET tries = tries + 1, taken_until = {} + {lease_ms}{} RETURNING {COLUMNS}",
        engine.now_expression(),
        filter.sql()
    );
    let rows = filter.query(sql).fetch_all(&mut **tx).await?;
    let mut begun = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    begun.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(begun)
}

/// Takes all mails out of their hands: a start where there is one node.
pub async fn give_back(tx: &mut Tx) -> Result<()> {
    let sql = "UPDATE intake_mails SET taken_until = NULL WHERE state = 'received' AND taken_until IS NOT NULL";
    sqlx::query(sql).execute(&mut **tx).await?;
    Ok(())
}

/// What a reading has found.
#[derive(Debug, Clone, Default)]
pub struct Found<'m> {
    pub message_id: Option<&'m str>,
    /// Others by which it may be answered.
    pub other_ids: &'m [&'m str],
    /// The digest of what stays the same on whatever way it came.
    pub content: Option<&'m str>,
    pub sender_name: Option<&'m str>,
    pub sender_email: Option<&'m str>,
    pub subject: Option<&'m str>,
}

/// Writes what a reading has found.
pub async fn describe(tx: &mut Tx, id: &IntakeMailId, found: &Found<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE intake_mails SET message_id = CAST($2 AS TEXT), content = CAST($3 AS TEXT), sender_name = CAST($4 AS TEXT),
         sender_email = CAST($5 AS TEXT), subject = CAST($6 AS TEXT) WHERE id = $1",
    )
    .bind(id.as_str())
    .bind(found.message_id)
    .bind(found.content)
    .bind(found.sender_name)
    .bind(found.sender_email)
    .bind(found.subject)
    .execute(&mut **tx)
    .await?;
    for message_id in found.message_id.into_iter().chain(found.other_ids.iter().copied()) {
        sqlx::query("INSERT INTO intake_mail_ids (message_id, mail_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(message_id)
            .bind(id.as_str())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Moves a mail on from a state. False when it has left it meanwhile: nothing is written.
pub async fn settle(
    tx: &mut Tx,
    id: &IntakeMailId,
    from: &[MailState],
    to: MailState,
    reason: Option<MailReason>,
    place: Option<(&TicketId, &MessageId)>,
) -> Result<bool> {
    let mut filter = Filter::default();
    let set = {
        let ticket = place.map(|(ticket, _)| ticket.as_str().to_string()).unwrap_or_default();
        let message = place.map(|(_, message)| message.as_str().to_string()).unwrap_or_default();
        let reason = reason.map(MailReason::as_str).unwrap_or_default();
        filter.bind([to.as_str().into(), reason.into(), ticket.into(), message.into()])
    };
    let places: Vec<&str> = set.split(", ").collect();
    filter.and("id = ?", [id.as_str().into()]).and_in("state", from.iter().map(|state| state.as_str().into()));
    let sql = format!(
        "UPDATE intake_mails SET state = {}, reason = NULLIF({}, ''), ticket_id = NULLIF({}, ''),
         ticket_message_id = NULLIF({}, ''){}",
        places[0],
        places[1],
        places[2],
        places[3],
        filter.sql()
    );
    Ok(filter.query(sql).execute(&mut **tx).await?.rows_affected() == 1)
}

/// The state of a mail whose bytes are here, which stays so until the write ends.
pub async fn lock(tx: &mut Tx, id: &IntakeMailId) -> Result<Option<MailState>> {
    let sql = "UPDATE intake_mails SET tries = tries WHERE id = $1 AND bytes_gone_at IS NULL RETURNING state";
    let row = sqlx::query(sql).bind(id.as_str()).fetch_optional(&mut **tx).await?;
    row.as_ref().map(|row| word(row, "state", MailState::parse)).transpose()
}

/// Lets a mail whose bytes were not fetched be fetched again: its row stays, for what its sender was told, and names its number no
/// longer. False when it is somewhere else by now.
pub async fn let_fetch(tx: &mut Tx, id: &IntakeMailId) -> Result<bool> {
    let sql = "UPDATE intake_mails SET state = 'dropped', reason = 'discarded', mailbox_id = NULL
               WHERE id = $1 AND state = 'unprocessed' AND sha256 = ''";
    Ok(sqlx::query(sql).bind(id.as_str()).execute(&mut **tx).await?.rows_affected() == 1)
}

/// Lets a mail that could not be read be read again. False when it is somewhere else by now.
pub async fn take_up(tx: &mut Tx, id: &IntakeMailId) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE intake_mails SET state = 'received', reason = NULL, tries = 0, taken_until = NULL WHERE id = $1 AND state = 'unprocessed'",
    )
    .bind(id.as_str())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One mail.
pub async fn find(c: &mut AnyConnection, id: &IntakeMailId) -> Result<Option<IntakeMail>> {
    let sql = format!("SELECT {COLUMNS} FROM intake_mails WHERE id = $1");
    sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// In which ticket a mail stands that has an id: the newest of them.
pub async fn ticket_of(c: &mut AnyConnection, message_id: &str) -> Result<Option<TicketId>> {
    let row = sqlx::query(
        "SELECT ticket_id FROM intake_mail_ids JOIN intake_mails ON intake_mails.id = intake_mail_ids.mail_id
         WHERE intake_mail_ids.message_id = $1 AND state = 'done' AND ticket_id IS NOT NULL ORDER BY intake_mails.id DESC LIMIT 1",
    )
    .bind(message_id)
    .fetch_optional(c)
    .await?;
    row.map(|row| Ok(text(&row, "ticket_id")?.into())).transpose()
}

/// Where a mail stands that says the same under the same id; without an id, one that came to another mailbox within some days: a
/// machine may write the same again. Nobody else asks that of the same words until the write ends.
pub async fn place_of(
    tx: &mut Tx,
    one: &IntakeMail,
    message_id: Option<&str>,
    content: &str,
) -> Result<Option<(TicketId, MessageId)>> {
    // On SQLite one writes at a time.
    if tx.engine() == Engine::Postgres {
        let hold = "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended($1, 0))) AS held";
        sqlx::query(hold).bind(content).execute(&mut **tx).await?;
    }
    let row = sqlx::query(
        "SELECT ticket_id, ticket_message_id FROM intake_mails WHERE content = $1 AND COALESCE(message_id, '') = $2
         AND ($2 <> '' OR (COALESCE(mailbox_id, '') <> $3 AND taken_at >= $4)) AND state = 'done' AND ticket_id IS NOT NULL AND ticket_message_id IS NOT NULL ORDER BY id LIMIT 1",
    )
    .bind(content)
    .bind(message_id.unwrap_or_default())
    .bind(one.mailbox_id.as_ref().map(|id| id.as_str().to_string()).unwrap_or_default())
    .bind(one.taken_at.0 - SAME_WITHIN)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| Ok((text(&row, "ticket_id")?.into(), text(&row, "ticket_message_id")?.into()))).transpose()
}

/// Whether the same bytes have come to a mailbox before, under another number.
pub async fn came_before(c: &mut AnyConnection, one: &IntakeMail) -> Result<bool> {
    let sql = "SELECT CASE WHEN EXISTS (SELECT 1 FROM intake_mails WHERE sha256 = $1 AND mailbox_id = $2 AND id < $3
               AND state <> 'received') THEN 1 ELSE 0 END";
    let mailbox = one.mailbox_id.as_ref().map(|id| id.as_str().to_string()).unwrap_or_default();
    let found = sqlx::query_scalar::<_, i32>(sql).bind(&one.sha256).bind(mailbox).bind(one.id.as_str());
    Ok(found.fetch_one(c).await? == 1)
}

/// The Message-ID of the newest mail of an address in a ticket.
pub async fn last_of(c: &mut AnyConnection, ticket: &TicketId, sender: &str) -> Result<Option<String>> {
    let sql = "SELECT message_id, sender_email FROM intake_mails WHERE ticket_id = $1 AND state = 'done' AND message_id IS NOT NULL
               ORDER BY received_at DESC, id DESC LIMIT 50";
    for row in &sqlx::query(sql).bind(ticket.as_str()).fetch_all(c).await? {
        let from: Option<String> = get(row, "sender_email")?;
        if from.is_some_and(|from| fold(&from) == fold(sender)) {
            return get(row, "message_id");
        }
    }
    Ok(None)
}

/// How many requests the mails of a sender have opened since a moment.
pub async fn opened_since(c: &mut AnyConnection, sender: &str, since: Moment) -> Result<i64> {
    let sql =
        "SELECT COUNT(*) FROM tickets WHERE channel = 'email' AND LOWER(requester_email) = $1 AND created_at >= $2";
    sqlx::query_scalar(sql).bind(sender.to_lowercase()).bind(since.0).fetch_one(c).await
}

/// Whether the desk has opened a request for a sender without an account, of an entity that has the sender's domain still.
pub async fn is_let_in(c: &mut AnyConnection, sender: &str) -> Result<bool> {
    let domain = sender.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let Some(organization) = super::organizations::of_domain(c, domain).await? else { return Ok(false) };
    let sql =
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM tickets WHERE LOWER(requester_email) = $1 AND requester_id IS NULL
               AND organization_id = $2 AND channel = 'email' AND deleted_at IS NULL) THEN 1 ELSE 0 END";
    let found = sqlx::query_scalar::<_, i32>(sql).bind(sender.to_lowercase()).bind(organization.id.as_str());
    Ok(found.fetch_one(c).await? == 1)
}

/// How many mails have come since a moment, counted to so many.
pub async fn taken_since(c: &mut AnyConnection, since: Moment, most: i64) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM intake_mails WHERE taken_at >= $1 LIMIT {most}) AS taken");
    sqlx::query_scalar(AssertSqlSafe(sql)).bind(since.0).fetch_one(c).await
}

/// Of the mails that have come since a moment, how many were read and how many could not be.
pub async fn tally_since(c: &mut AnyConnection, since: Moment) -> Result<Tally> {
    let row = sqlx::query(
        "SELECT COUNT(*) FILTER (WHERE state NOT IN ('received', 'unprocessed')) AS well,
         COUNT(*) FILTER (WHERE state = 'unprocessed') AS failed FROM intake_mails WHERE taken_at >= $1",
    )
    .bind(since.0)
    .fetch_one(c)
    .await?;
    Ok(Tally { well: get(&row, "well")?, failed: get(&row, "failed")? })
}

/// The mails that have been held since before a moment, the oldest first.
pub async fn held_before(c: &mut AnyConnection, before: Moment, most: i64) -> Result<Vec<IntakeMail>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM intake_mails WHERE state = 'held' AND taken_at < $1 ORDER BY taken_at, id LIMIT {most}"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(before.0).fetch_all(c).await?.iter().map(read).collect()
}

/// The mails of which nothing came, that came before a moment and whose bytes are here still.
pub async fn of_no_use(c: &mut AnyConnection, before: Moment, most: i64) -> Result<Vec<IntakeMail>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM intake_mails WHERE state = 'dropped' AND taken_at < $1 AND bytes_gone_at IS NULL
         AND reason IN ('discarded', 'expired', 'duplicate', 'own') ORDER BY taken_at, id LIMIT {most}"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(before.0).fetch_all(c).await?.iter().map(read).collect()
}

/// Writes down that a mail's bytes need not be here. False when somebody else has, or it was let in meanwhile.
pub async fn let_bytes_go(tx: &mut Tx, one: &IntakeMail, now: Moment) -> Result<bool> {
    let sql =
        "UPDATE intake_mails SET bytes_gone_at = $2 WHERE id = $1 AND state = 'dropped' AND bytes_gone_at IS NULL";
    Ok(sqlx::query(sql).bind(one.id.as_str()).bind(now.0).execute(&mut **tx).await?.rows_affected() == 1)
}

/// Whether a sender was told since a moment that a mail was not taken.
pub async fn answered_since(c: &mut AnyConnection, sender: &str, since: Moment) -> Result<bool> {
    let sql =
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM intake_mails WHERE LOWER(sender_email) = $1 AND answered_at >= $2)
               THEN 1 ELSE 0 END";
    Ok(sqlx::query_scalar::<_, i32>(sql).bind(sender.to_lowercase()).bind(since.0).fetch_one(c).await? == 1)
}

/// When the sender of a mail was told that it was not taken: of this one, or of another between a moment and when it came.
pub async fn answered_at(c: &mut AnyConnection, one: &IntakeMail, since: Moment) -> Result<Option<Moment>> {
    let sql = "SELECT MAX(answered_at) FROM intake_mails WHERE id = $1
               OR (LOWER(sender_email) = $2 AND answered_at >= $3 AND answered_at <= $4)";
    let sender = one.sender_email.as_deref().unwrap_or_default().to_lowercase();
    let found = sqlx::query_scalar::<_, Option<i64>>(sql).bind(one.id.as_str()).bind(sender).bind(since.0);
    Ok(found.bind(one.taken_at.0).fetch_one(c).await?.map(Moment))
}

/// Writes down that the sender of a mail was told that it was not taken.
pub async fn set_answered(tx: &mut Tx, id: &IntakeMailId, at: Moment) -> Result<()> {
    sqlx::query("UPDATE intake_mails SET answered_at = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(at.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes back that the reading of these was begun: it was not they that hindered it.
pub async fn unbegin(tx: &mut Tx, mails: &[IntakeMail]) -> Result<()> {
    let mut filter = Filter::default();
    filter.and_in("id", mails.iter().map(|one| one.id.as_str().into())).and("state = 'received' AND tries > 0", []);
    let sql = format!("UPDATE intake_mails SET tries = tries - 1, taken_until = NULL{}", filter.sql());
    filter.query(sql).execute(&mut **tx).await?;
    Ok(())
}

/// Those of the queues that somebody looks after; of an address that is no longer the desk's, for who looks at all of them.
fn looked_at(filter: &mut Filter, sight: &Sight) {
    match sight {
        Sight::Nothing | Sight::Asking { .. } => drop(filter.and("1 = 0", [])),
        Sight::Everything => {}
        Sight::Desk { areas, groups } => {
            if let Some((own, values)) = super::ticket_list::looked_at(areas, groups.as_deref()) {
                filter.and(&format!("mailbox_id IN (SELECT id FROM intake_mailboxes WHERE {own})"), values);
            }
        }
    }
}

/// The mails in a state that somebody looks after, newest first.
pub async fn list(c: &mut AnyConnection, sight: &Sight, state: MailState, window: &Window) -> Result<Page<IntakeMail>> {
    let mut filter = Filter::default();
    filter.and("state = ?", [state.as_str().into()]);
    listed(c, sight, filter, window).await
}

/// Those that somebody has thrown away and that are here still, but for those that were fetched again; newest first.
pub async fn discarded(c: &mut AnyConnection, sight: &Sight, window: &Window) -> Result<Page<IntakeMail>> {
    let mut filter = Filter::default();
    filter.and("state = 'dropped' AND reason = 'discarded' AND bytes_gone_at IS NULL", []);
    filter.and("(sha256 <> '' OR mailbox_id IS NOT NULL)", []);
    listed(c, sight, filter, window).await
}

async fn listed(c: &mut AnyConnection, sight: &Sight, mut filter: Filter, window: &Window) -> Result<Page<IntakeMail>> {
    looked_at(&mut filter, sight);
    if let Some(after) = &window.after {
        filter.and("id < ?", [after.text(0).unwrap_or("").into()]);
    }
    let sql = format!("SELECT {COLUMNS} FROM intake_mails{} ORDER BY id DESC LIMIT {}", filter.sql(), window.ask());
    let rows = filter.query(sql).fetch_all(c).await?;
    let found = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(found, window, |last| vec![last.id.to_string()]))
}

/// How many that somebody looks after are held and how many could not be read.
pub async fn count_waiting(c: &mut AnyConnection, sight: &Sight) -> Result<(i64, i64)> {
    let mut filter = Filter::default();
    filter.and("state IN ('held', 'unprocessed')", []);
    looked_at(&mut filter, sight);
    let sql = format!(
        "SELECT COUNT(*) FILTER (WHERE state = 'held') AS held, COUNT(*) FILTER (WHERE state = 'unprocessed') AS unprocessed
         FROM intake_mails{}",
        filter.sql()
    );
    let row = filter.query(sql).fetch_one(c).await?;
    Ok((get(&row, "held")?, get(&row, "unprocessed")?))
}

/// The desk's addresses at which the mails of a ticket have come, the first one first.
pub async fn addresses_of(c: &mut AnyConnection, ticket: &TicketId) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT intake_mailboxes.address FROM intake_mails JOIN intake_mailboxes ON intake_mailboxes.id = intake_mails.mailbox_id
         WHERE intake_mails.ticket_id = $1 AND intake_mails.state = 'done'
         GROUP BY intake_mailboxes.id, intake_mailboxes.address ORDER BY MIN(intake_mails.id)",
    )
    .bind(ticket.as_str())
    .fetch_all(c)
    .await?;
    rows.iter().map(|row| text(row, "address")).collect()
}

/// Those of these entries that were made from a mail that is kept.
pub async fn with_original(c: &mut AnyConnection, messages: &[MessageId]) -> Result<HashSet<MessageId>> {
    let mut filter = Filter::default();
    filter.and_in("ticket_message_id", messages.iter().map(|id| id.as_str().into())).and("state = 'done'", []);
    let sql = format!("SELECT ticket_message_id FROM intake_mails{}", filter.sql());
    let rows = filter.query(sql).fetch_all(c).await?;
    rows.iter().map(|row| Ok(text(row, "ticket_message_id")?.into())).collect()
}

/// The bytes of the mail from which an entry of a ticket's history was made.
pub async fn raw_of(c: &mut AnyConnection, message: &MessageId) -> Result<Option<IntakeMail>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM intake_mails WHERE ticket_message_id = $1 AND state = 'done' ORDER BY id LIMIT 1"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(message.as_str()).fetch_optional(c).await?.as_ref().map(read).transpose()
}
