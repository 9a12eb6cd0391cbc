//! In charge of the statements that list and count watched mailboxes: filters, orders, counters.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, Row};

use super::Result;
use super::filter::{Bound, Filter};
use super::mailboxes::{COLUMNS, read};
use super::row::{get, text};
use crate::clock::Moment;
use crate::model::id::{MailboxId, OrganizationId};
use crate::model::mailbox::{Mailbox, Status};
use crate::model::page::{Page, Window};
use crate::model::scope::Scope;
use crate::tax_code;
use crate::text::{fold, like_escape};

/// By what a list of mailboxes is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    #[default]
    Name,
    Address,
    Status,
    Holder,
    New,
    Unread,
    LastMessage,
    LastChecked,
}

impl Order {
    /// Every order, with its word in an address.
    pub const ALL: [(Order, &'static str); 8] = [
        (Order::Name, "name"),
        (Order::Address, "address"),
        (Order::Status, "status"),
        (Order::Holder, "holder_tax_code"),
        (Order::New, "new_messages"),
        (Order::Unread, "unread_messages"),
        (Order::LastMessage, "last_message_at"),
        (Order::LastChecked, "last_checked_at"),
    ];

    /// The sorting expression, never empty so that pages can begin at a value, and whether it is a text.
    fn expression(self) -> (&'static str, bool) {
        match self {
            Order::Name => ("name_fold", true),
            Order::Address => ("address_fold", true),
            Order::Status => ("status", true),
            Order::Holder => ("COALESCE(holder_tax_code, '')", true),
            Order::New => ("new_messages", false),
            Order::Unread => ("unread_messages", false),
            Order::LastMessage => ("COALESCE(last_message_at, 0)", false),
            Order::LastChecked => ("COALESCE(last_checked_at, 0)", false),
        }
    }

    fn value(self, mailbox: &Mailbox) -> String {
        let moment = |at: Option<Moment>| at.map_or(0, |at| at.0).to_string();
        match self {
            Order::Name => fold(mailbox.name()),
            Order::Address => fold(&mailbox.card.address),
            Order::Status => mailbox.facts.status.as_str().into(),
            Order::Holder => mailbox.card.holder_tax_code.clone().unwrap_or_default(),
            Order::New => mailbox.facts.new_messages.to_string(),
            Order::Unread => mailbox.facts.unread_messages.to_string(),
            Order::LastMessage => moment(mailbox.facts.last_message_at),
            Order::LastChecked => moment(mailbox.facts.last_checked_at),
        }
    }
}

/// Low or full, as `Facts::quota_state` says: used × 10 > limit × 7, written so that no number is too large.
const SHORT_OF_ROOM: &str = "(quota_limit > 0 AND quota_used > quota_limit / 10 * 7 + quota_limit % 10 * 7 / 10)";

/// Which mailboxes are wanted. The scope is the person's, the rest is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only mailboxes of these bodies, and these mailboxes; None is no limit.
    pub within: Option<Scope>,
    pub q: Option<String>,
    /// What is looked for is looked for in addresses only: the rest is not the asker's to see.
    pub by_address_only: bool,
    /// None is any; an empty list is none.
    pub statuses: Option<Vec<Status>>,
    pub with_new: bool,
    pub with_unread: bool,
    /// Under 30 % of their space free (H30).
    pub short_of_room: bool,
    pub organization_id: Option<OrganizationId>,
    pub group: Option<String>,
}

impl Wanted {
    fn filter(&self) -> Filter {
        let mut filter = Filter::default();
        if let Some(scope) = &self.within {
            let bodies = scope.organizations.iter().map(|id| Bound::from(id.as_str())).collect();
            let mailboxes = scope.mailboxes.iter().map(|id| Bound::from(id.as_str())).collect();
            filter.and_in_any([("organization_id", bodies), ("id", mailboxes)]);
        }
        let q = self.q.as_deref().unwrap_or_default();
        // A whole tax code is found however it is typed.
        let q = tax_code::read(q).unwrap_or_else(|_| q.into());
        for word in fold(&q).split_whitespace().take(8) {
            let pattern = format!("%{}%", like_escape(word));
            if self.by_address_only {
                filter.and("address_fold LIKE ? ESCAPE '\\'", [pattern.into()]);
                continue;
            }
            filter.and(
                "(search_fold LIKE ? ESCAPE '\\' OR organization_id IN (SELECT id FROM organizations
                 WHERE name_fold LIKE ? ESCAPE '\\' OR LOWER(tax_code) LIKE ? ESCAPE '\\'))",
                [pattern.as_str().into(), pattern.as_str().into(), pattern.as_str().into()],
            );
        }
        if let Some(statuses) = &self.statuses {
            filter.and_in("status", statuses.iter().map(|status| Bound::from(status.as_str())));
        }
        if self.with_new {
            filter.and("new_messages > 0", []);
        }
        if self.with_unread {
            filter.and("unread_messages > 0", []);
        }
        if self.short_of_room {
            filter.and(SHORT_OF_ROOM, []);
        }
        if let Some(id) = &self.organization_id {
            filter.and("organization_id = ?", [id.as_str().into()]);
        }
        if let Some(group) = &self.group {
            filter.and("group_label = ?", [group.as_str().into()]);
        }
        filter
    }
}

/// A page of the mailboxes wanted.
pub async fn list(
    c: &mut AnyConnection,
    wanted: &Wanted,
    order: Order,
    falling: bool,
    window: &Window,
) -> Result<Page<Mailbox>> {
    let mut filter = wanted.filter();
    let (expression, is_text) = order.expression();
    let (than, direction) = if falling { ("<", " DESC") } else { (">", "") };
    if let Some(after) = &window.after {
        let value = if is_text { after.text(0).unwrap_or("").into() } else { after.number(0).unwrap_or(0).into() };
        filter.and(&format!("({expression}, id) {than} (?, ?)"), [value, after.text(1).unwrap_or("").into()]);
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM mailboxes{} ORDER BY {expression}{direction}, id{direction} LIMIT {}",
        filter.sql(),
        window.ask()
    );
    let rows = filter.query(sql).fetch_all(c).await?;
    let mailboxes = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(mailboxes, window, |last| vec![order.value(last), last.id.to_string()]))
}

/// The ids of all the mailboxes wanted, at most so many.
pub async fn ids(c: &mut AnyConnection, wanted: &Wanted, most: usize) -> Result<Vec<MailboxId>> {
    let filter = wanted.filter();
    let rows =
        filter.query(format!("SELECT id FROM mailboxes{} ORDER BY id LIMIT {most}", filter.sql())).fetch_all(c).await?;
    rows.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// How many mailboxes are wanted.
pub async fn count(c: &mut AnyConnection, wanted: &Wanted) -> Result<i64> {
    let filter = wanted.filter();
    let row = filter.query(format!("SELECT COUNT(*) AS mailboxes FROM mailboxes{}", filter.sql())).fetch_one(c).await?;
    get(&row, "mailboxes")
}

/// Sums over the mailboxes wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    pub mailboxes: i64,
    pub new_messages: i64,
    pub unread_messages: i64,
    pub with_new: i64,
    pub with_unread: i64,
    /// Under 30 % of their space free.
    pub short_of_room: i64,
    /// The credentials do not open them: the group «accesso negato» (`ui.md` 5).
    pub refused: i64,
    /// Refused, or not to be reached.
    pub in_trouble: i64,
    /// Watched, but not looked at since the moment given.
    pub late: i64,
}

/// The statuses that the console calls «accesso negato».
pub const REFUSED: [Status; 3] = [Status::WrongPassword, Status::PasswordExpired, Status::AccountBlocked];

/// The statuses that the console calls «con problemi».
pub const IN_TROUBLE: [Status; 7] = [
    Status::WrongPassword,
    Status::PasswordExpired,
    Status::AccountBlocked,
    Status::Unreachable,
    Status::TemporaryError,
    Status::CertificateInvalid,
    Status::SecretUnreadable,
];

/// Counts the mailboxes wanted; `late_before` is when the last check is too long ago.
pub async fn totals(c: &mut AnyConnection, wanted: &Wanted, late_before: Moment) -> Result<Totals> {
    let filter = wanted.filter();
    let words =
        |statuses: &[Status]| statuses.iter().map(|s| format!("'{}'", s.as_str())).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT COUNT(*) AS mailboxes,
         CAST(COALESCE(SUM(new_messages), 0) AS BIGINT) AS new_messages,
         CAST(COALESCE(SUM(unread_messages), 0) AS BIGINT) AS unread_messages,
         COUNT(*) FILTER (WHERE new_messages > 0) AS with_new,
         COUNT(*) FILTER (WHERE unread_messages > 0) AS with_unread,
         COUNT(*) FILTER (WHERE {SHORT_OF_ROOM}) AS short_of_room,
         COUNT(*) FILTER (WHERE status IN ({refused})) AS refused,
         COUNT(*) FILTER (WHERE status IN ({trouble})) AS in_trouble,
         COUNT(*) FILTER (WHERE status = 'ok' AND last_checked_at < {late}) AS late
         FROM mailboxes{}",
        filter.sql(),
        refused = words(&REFUSED),
        trouble = words(&IN_TROUBLE),
        late = late_before.0,
    );
    let row = filter.query(sql).fetch_one(c).await?;
    Ok(Totals {
        mailboxes: row.try_get("mailboxes")?,
        new_messages: row.try_get("new_messages")?,
        unread_messages: row.try_get("unread_messages")?,
        with_new: row.try_get("with_new")?,
        with_unread: row.try_get("with_unread")?,
        short_of_room: row.try_get("short_of_room")?,
        refused: row.try_get("refused")?,
        in_trouble: row.try_get("in_trouble")?,
        late: row.try_get("late")?,
    })
}

/// The group labels in use and how many mailboxes carry each, by name.
pub async fn groups(c: &mut AnyConnection, wanted: &Wanted) -> Result<Vec<(String, i64)>> {
    let mut filter = wanted.filter();
    filter.and("group_label IS NOT NULL", []);
    let sql = format!(
        "SELECT group_label, COUNT(*) AS count FROM mailboxes{} GROUP BY group_label ORDER BY group_label LIMIT 200",
        filter.sql()
    );
    filter
        .query(sql)
        .fetch_all(c)
        .await?
        .iter()
        .map(|row| Ok((text(row, "group_label")?, get(row, "count")?)))
        .collect()
}

/// How many mailboxes stand in each status.
pub async fn by_status(c: &mut AnyConnection) -> Result<BTreeMap<String, i64>> {
    let rows = sqlx::query("SELECT status, COUNT(*) AS count FROM mailboxes GROUP BY status").fetch_all(c).await?;
    rows.iter().map(|row| Ok((text(row, "status")?, get(row, "count")?))).collect()
}
