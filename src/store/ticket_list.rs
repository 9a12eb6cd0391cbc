//! In charge of the statements that list and count tickets: what a person sees, filters, orders.

use sqlx::AnyConnection;

use super::filter::{Bound, Filter};
use super::row::get;
use super::ticket_pieces::{Sought, engine_of, sought, sought_first};
use super::tickets::{COLUMNS, fill, read};
use super::{Engine, Result};
use crate::clock::Moment;
use crate::model::id::{GroupId, MailboxId, OrganizationId, PersonId};
use crate::model::organization::Area;
use crate::model::page::{Page, Window};
use crate::model::ticket::{Channel, Severity, Sight, State, Ticket};
use crate::text::{fold, like_escape};

/// Where a deadline that there is not stands: after all others.
const NEVER: i64 = 9_000_000_000_000_000;

/// What is still to be done, in the words of the index `tickets_queue`.
const ACTIVE: &str = "state NOT IN ('resolved', 'closed', 'cancelled')";

/// By what a list of tickets is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The latest made first, when it falls.
    #[default]
    Created,
    Updated,
    /// The resolution's deadline.
    Due,
    /// The deadline that comes next: somebody to take charge, then the solution (O01).
    Next,
    Number,
}

impl Order {
    /// Every order, with its word in an address.
    pub const ALL: [(Order, &'static str); 5] = [
        (Order::Created, "created_at"),
        (Order::Updated, "updated_at"),
        (Order::Due, "resolution_due_at"),
        (Order::Next, "due_at"),
        (Order::Number, "number"),
    ];

    fn expression(self) -> (String, bool) {
        match self {
            Order::Created => ("created_at".into(), false),
            Order::Updated => ("updated_at".into(), false),
            Order::Due => (format!("COALESCE(resolution_due_at, {NEVER})"), false),
            Order::Next => (
                format!(
                    "COALESCE(CASE WHEN first_responded_at IS NULL AND resolution_due_at IS NOT NULL
                     THEN first_response_due_at END, resolution_due_at, {NEVER})"
                ),
                false,
            ),
            Order::Number => ("number".into(), true),
        }
    }

    fn value(self, ticket: &Ticket) -> String {
        match self {
            Order::Created => ticket.created_at.0.to_string(),
            Order::Updated => ticket.updated_at.0.to_string(),
            Order::Due => ticket.clocks.resolution_due_at.map_or(NEVER, |at| at.0).to_string(),
            Order::Next => {
                let (clocks, runs) = (&ticket.clocks, ticket.clocks.resolution_due_at);
                let first =
                    clocks.first_response_due_at.filter(|_| clocks.first_responded_at.is_none() && runs.is_some());
                first.or(runs).map_or(NEVER, |at| at.0).to_string()
            }
            Order::Number => ticket.number.clone(),
        }
    }
}

/// Whose tickets are wanted, of those that the asker sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    #[default]
    All,
    Mine,
    Cc,
    Organization,
}

impl Scope {
    /// Reads the word of the contract.
    pub fn parse(word: &str) -> Option<Scope> {
        match word {
            "all" => Some(Scope::All),
            "mine" => Some(Scope::Mine),
            "cc" => Some(Scope::Cc),
            "organization" => Some(Scope::Organization),
            _ => None,
        }
    }
}

/// Which tickets are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub states: Vec<State>,
    pub severities: Vec<Severity>,
    pub area: Option<Area>,
    pub channel: Option<Channel>,
    pub level: Option<i64>,
    pub assignee_id: Option<PersonId>,
    /// Those that nobody has taken.
    pub unassigned: bool,
    pub organization_id: Option<OrganizationId>,
    pub mailbox_id: Option<MailboxId>,
    /// Those with this tag (K18): the desk's.
    pub tag: Option<String>,
    pub q: Option<String>,
    pub scope: Scope,
    /// Those that came from this moment on.
    pub from: Option<Moment>,
    /// Those that came before this one.
    pub until: Option<Moment>,
    /// Those in the bin, for who works at the desk.
    pub deleted: bool,
    /// Those whose deadline was kept, or was missed by this moment.
    pub met: Option<(Met, Moment)>,
}

/// What became of a promise. What was cancelled is not counted (features.md 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    FirstKept,
    FirstMissed,
    ResolutionKept,
    ResolutionMissed,
}

impl Met {
    /// Everything, in the order of the page: a clock's both together.
    pub const ALL: [Met; 4] = [Met::FirstKept, Met::FirstMissed, Met::ResolutionKept, Met::ResolutionMissed];

    /// The word of the address that lists them.
    pub fn word(self) -> &'static str {
        match self {
            Met::FirstKept => "prima-risposta-nei-tempi",
            Met::FirstMissed => "prima-risposta-mancata",
            Met::ResolutionKept => "risoluzione-nei-tempi",
            Met::ResolutionMissed => "risoluzione-mancata",
        }
    }

    /// That a solution's deadline was missed stands in the warnings that were given (S11), so it stays when the ticket is solved.
    fn condition(self, now: Moment) -> String {
        let missed = "id IN (SELECT ticket_id FROM ticket_warnings WHERE clock = 'resolution' AND percent = 100)";
        let met = match self {
            Met::FirstKept => "first_responded_at <= first_response_due_at".to_string(),
            Met::FirstMissed => format!(
                "(first_responded_at > first_response_due_at OR (first_responded_at IS NULL AND
                state NOT IN ('resolved', 'closed') AND first_response_due_at < {}))",
                now.0
            ),
            Met::ResolutionKept => format!("state IN ('resolved', 'closed') AND NOT {missed}"),
            Met::ResolutionMissed => missed.to_string(),
        };
        format!("state <> 'cancelled' AND {met}")
    }
}

/// The queues that somebody at the desk looks after, as a condition on area and group: the shadow of `desk::sight::looks_at`. None
/// for who looks at all of them.
pub(super) fn looked_at(areas: &[Area], groups: Option<&[GroupId]>) -> Option<(String, Vec<Bound>)> {
    let mut conditions = Vec::new();
    let mut values: Vec<Bound> = Vec::new();
    if !areas.is_empty() {
        conditions.push(format!("area IN ({})", vec!["?"; areas.len()].join(", ")));
        values.extend(areas.iter().map(|area| Bound::from(area.as_str())));
    }
    if let Some(groups) = groups {
        conditions.push(match groups.len() {
            0 => "group_id IS NULL".into(),
            many => format!("(group_id IS NULL OR group_id IN ({}))", vec!["?"; many].join(", ")),
        });
        values.extend(groups.iter().map(|id| Bound::from(id.as_str())));
    }
    (!conditions.is_empty()).then(|| (conditions.join(" AND "), values))
}

/// What a person sees, as a condition: the shadow of `desk::sight::sees`.
pub(super) fn seen(filter: &mut Filter, sight: &Sight) {
    match sight {
        Sight::Nothing => drop(filter.and("1 = 0", [])),
        Sight::Everything => {}
        Sight::Desk { areas, groups } => {
            if let Some((own, values)) = looked_at(areas, groups.as_deref()) {
                let condition = format!("(({own}) OR id IN (SELECT ticket_id FROM ticket_queues WHERE {own}))");
                filter.and(&condition, values.iter().chain(&values).cloned());
            }
        }
        Sight::Asking { person_id, email_fold, member_of, organizations, .. } => {
            let list = |ids: &[OrganizationId]| vec!["?"; ids.len().max(1)].join(", ");
            let bound = |ids: &[OrganizationId]| match ids {
                [] => vec![Bound::from("")],
                ids => ids.iter().map(|id| Bound::from(id.as_str())).collect(),
            };
            let condition = format!(
                "((requester_id = ? AND (organization_id IS NULL OR organization_id IN ({})))
                 OR organization_id IN ({}) OR id IN (SELECT ticket_id FROM ticket_copies WHERE email_fold = ?))",
                list(member_of),
                list(organizations)
            );
            let mut values = vec![Bound::from(person_id.as_str())];
            values.extend(bound(member_of));
            values.extend(bound(organizations));
            values.push(email_fold.as_deref().unwrap_or_default().into());
            filter.and(&condition, values);
            filter.and("deleted_at IS NULL", []);
        }
    }
}

impl Wanted {
    fn filter(&self, engine: Engine, sight: &Sight, asker: (&PersonId, &str)) -> Filter {
        let mut filter = Filter::default();
        self.narrow(&mut filter, engine, sight, asker, &sought(self.q.as_deref().unwrap_or_default()));
        filter
    }

    fn narrow(&self, filter: &mut Filter, engine: Engine, sight: &Sight, asker: (&PersonId, &str), words: &[Sought]) {
        let (person_id, email) = asker;
        seen(filter, sight);
        filter.and(if self.deleted { "deleted_at IS NOT NULL" } else { "deleted_at IS NULL" }, []);
        match self.scope {
            Scope::All => {}
            Scope::Mine => drop(filter.and("requester_id = ?", [person_id.as_str().into()])),
            Scope::Cc => drop(
                filter.and("id IN (SELECT ticket_id FROM ticket_copies WHERE email_fold = ?)", [fold(email).into()]),
            ),
            Scope::Organization => match sight {
                Sight::Asking { organizations, .. } => {
                    filter.and_in("organization_id", organizations.iter().map(|id| id.as_str().into()));
                }
                _ => drop(filter.and("organization_id IS NOT NULL", [])),
            },
        }
        if State::ALL.iter().all(|state| self.states.contains(state) == state.is_active()) {
            filter.and(ACTIVE, []);
        } else if !self.states.is_empty() {
            filter.and_in("state", self.states.iter().map(|state| state.as_str().into()));
        }
        if !self.severities.is_empty() {
            filter.and_in("severity", self.severities.iter().map(|one| one.as_str().into()));
        }
        if let Some(area) = self.area {
            filter.and("area = ?", [area.as_str().into()]);
        }
        if let Some(channel) = self.channel {
            filter.and("channel = ?", [channel.as_str().into()]);
        }
        if let Some(level) = self.level {
            filter.and("level = ?", [level.into()]);
        }
        if let Some(id) = &self.assignee_id {
            filter.and("assignee_id = ?", [id.as_str().into()]);
        }
        if self.unassigned {
            filter.and("assignee_id IS NULL", []);
        }
        if let Some(id) = &self.organization_id {
            filter.and("organization_id = ?", [id.as_str().into()]);
        }
        if let Some(id) = &self.mailbox_id {
            filter.and("id IN (SELECT ticket_id FROM ticket_mailboxes WHERE mailbox_id = ?)", [id.as_str().into()]);
        }
        if let Some(from) = self.from {
            filter.and("created_at >= ?", [from.0.into()]);
        }
        if let Some(until) = self.until {
            filter.and("created_at < ?", [until.0.into()]);
        }
        if let Some((met, now)) = self.met {
            filter.and(&met.condition(now), []);
        }
        if let Some(tag) = self.tag.as_ref().filter(|_| !matches!(sight, Sight::Asking { .. })) {
            let quoted = serde_json::Value::from(tag.as_str()).to_string();
            filter.and("tags LIKE ? ESCAPE '\\'", [format!("%{}%", like_escape(&quoted)).into()]);
        }
        match spelled_out(self.q.as_deref().unwrap_or_default()) {
            Some(number) => drop(filter.and("number = ?", [number.into()])),
            None => super::ticket_pieces::narrow(filter, engine, words, !matches!(sight, Sight::Asking { .. })),
        }
    }
}

/// A number in any form in which people type it (K01): `tk 2026 123`, `2026-123`, `#123` after its year. None for other texts.
pub fn spelled_out(q: &str) -> Option<String> {
    let bare = q.trim().to_ascii_lowercase();
    let bare = bare.trim_start_matches("tk").trim_start_matches(['-', ' ', '#']);
    let parts: Vec<&str> = bare.split(['-', ' ', '/']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [year, number]
            if year.len() == 4
                && number.len() <= 9
                && [year, number].iter().all(|part| part.chars().all(|c| c.is_ascii_digit())) =>
        {
            Some(format!("TK-{year}-{number:0>6}"))
        }
        _ => None,
    }
}

/// A page of the tickets wanted that a person sees; `asker` is who it is and its address.
pub async fn list(
    c: &mut AnyConnection,
    sight: &Sight,
    asker: (&PersonId, &str),
    wanted: &Wanted,
    (order, falling): (Order, bool),
    window: &Window,
) -> Result<Page<Ticket>> {
    let words = sought_first(c, wanted.q.as_deref().unwrap_or_default()).await?;
    let mut filter = Filter::default();
    wanted.narrow(&mut filter, engine_of(c), sight, asker, &words);
    let (expression, is_text) = order.expression();
    let (than, direction) = if falling { ("<", " DESC") } else { (">", "") };
    if let Some(after) = &window.after {
        let value = if is_text { after.text(0).unwrap_or("").into() } else { after.number(0).unwrap_or(0).into() };
        filter.and(&format!("({expression}, id) {than} (?, ?)"), [value, after.text(1).unwrap_or("").into()]);
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets{} ORDER BY {expression}{direction}, id{direction} LIMIT {}",
        filter.sql(),
        window.ask()
    );
    let rows = filter.query(sql).fetch_all(&mut *c).await?;
    let tickets = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let mut page = Page::cut(tickets, window, |last| vec![order.value(last), last.id.to_string()]);
    fill(c, &mut page.items).await?;
    Ok(page)
}

/// How many of each of these a person sees, up to a number and no further: what is counted to the end costs what there is.
pub async fn count_up_to(
    c: &mut AnyConnection,
    sight: &Sight,
    asker: (&PersonId, &str),
    wanted: &[Wanted],
    most: i64,
) -> Result<Vec<i64>> {
    let (engine, mut filter, mut counts) = (engine_of(c), Filter::default(), Vec::new());
    for (number, one) in wanted.iter().enumerate() {
        one.narrow(&mut filter, engine, sight, asker, &sought(one.q.as_deref().unwrap_or_default()));
        let part = filter.part();
        counts.push(format!(
            "(SELECT COUNT(*) FROM (SELECT 1 FROM tickets{part} LIMIT {most}) AS part) AS count_{number}"
        ));
    }
    if counts.is_empty() {
        return Ok(Vec::new());
    }
    let row = filter.query(format!("SELECT {}", counts.join(", "))).fetch_one(c).await?;
    (0..counts.len()).map(|number| get(&row, &format!("count_{number}"))).collect()
}

/// How many of the tickets wanted a person sees.
pub async fn count(c: &mut AnyConnection, sight: &Sight, asker: (&PersonId, &str), wanted: &Wanted) -> Result<i64> {
    let filter = wanted.filter(engine_of(c), sight, asker);
    let row = filter.query(format!("SELECT COUNT(*) AS tickets FROM tickets{}", filter.sql())).fetch_one(c).await?;
    get(&row, "tickets")
}

/// By what tickets are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    State,
    Severity,
    Area,
    Channel,
    Level,
    Organization,
}

impl By {
    /// Everything, in the order of the page.
    pub const ALL: [By; 6] = [By::State, By::Severity, By::Area, By::Channel, By::Level, By::Organization];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            By::State => "state",
            By::Severity => "severity",
            By::Area => "area",
            By::Channel => "channel",
            By::Level => "level",
            By::Organization => "organization",
        }
    }

    /// The name of the filter of the queue that shows what was counted.
    pub fn filter(self) -> Option<&'static str> {
        match self {
            By::State => Some("stato"),
            By::Severity => Some("gravita"),
            By::Area => Some("area"),
            By::Channel => Some("canale"),
            By::Level => Some("livello"),
            By::Organization => Some("ente"),
        }
    }

    fn expression(self) -> &'static str {
        match self {
            By::Level => "CAST(level AS TEXT)",
            By::Organization => "COALESCE(organization_id, '')",
            other => other.word(),
        }
    }
}

/// How many of the tickets wanted a person sees, by one of their words; the most first.
pub async fn count_by(
    c: &mut AnyConnection,
    sight: &Sight,
    asker: (&PersonId, &str),
    wanted: &Wanted,
    by: By,
    most: usize,
) -> Result<Vec<(String, i64)>> {
    let filter = wanted.filter(engine_of(c), sight, asker);
    let sql = format!(
        "SELECT {0} AS word, COUNT(*) AS tickets FROM tickets{1} GROUP BY {0} ORDER BY tickets DESC, word LIMIT {most}",
        by.expression(),
        filter.sql()
    );
    let rows = filter.query(sql).fetch_all(c).await?;
    rows.iter().map(|row| Ok((get(row, "word")?, get(row, "tickets")?))).collect()
}

/// How many of the tickets wanted a person sees, by what became of their promises, in the order of [`Met::ALL`].
pub async fn count_met(
    c: &mut AnyConnection,
    sight: &Sight,
    asker: (&PersonId, &str),
    wanted: &Wanted,
    now: Moment,
) -> Result<[i64; 4]> {
    let filter = wanted.filter(engine_of(c), sight, asker);
    let counts = Met::ALL.map(|met| format!("COUNT(*) FILTER (WHERE {}) AS n{}", met.condition(now), met as usize));
    let sql = format!("SELECT {} FROM tickets{}", counts.join(", "), filter.sql());
    let row = filter.query(sql).fetch_one(c).await?;
    let mut met = [0; 4];
    for (at, n) in met.iter_mut().enumerate() {
        *n = get(&row, &format!("n{at}"))?;
    }
    Ok(met)
}

/// When a ticket was done with: null while it is open. Of one that was cancelled it is when it was last changed.
const DONE_AT: &str = "CASE WHEN state IN ('resolved', 'closed') THEN COALESCE(resolved_at, updated_at)
    WHEN state = 'cancelled' THEN updated_at END";

/// How many of the tickets wanted that a person sees came in each span of `span_ms` since 1970, by their channel.
pub async fn came(
    c: &mut AnyConnection,
    sight: &Sight,
    asker: (&PersonId, &str),
    wanted: &Wanted,
    span_ms: i64,
) -> Result<Vec<(i64, String, i64)>> {
    let filter = wanted.filter(engine_of(c), sight, asker);
    let sql = format!(
        "SELECT created_at / {span_ms} AS span, channel, COUNT(*) AS tickets FROM tickets{} GROUP BY 1, 2",
        filter.sql()
    );
    let rows = filter.query(sql).fetch_all(c).await?;
    rows.iter().map(|row| Ok((get(row, "span")?, get(row, "channel")?, get(row, "tickets")?))).collect()
}

/// How many of the tickets that a person sees were open at the beginning of a period, and how many were done with in each span of
/// `span_ms` in it. One that was opened again counts as if it had never been done with.
pub async fn backlog(
    c: &mut AnyConnection,
    sight: &Sight,
    asker: (&PersonId, &str),
    (from, until): (Moment, Moment),
    span_ms: i64,
) -> Result<(i64, Vec<(i64, i64)>)> {
    let all = |from_on: bool| Wanted { until: Some(if from_on { until } else { from }), ..Wanted::default() };
    let mut open = all(false).filter(engine_of(c), sight, asker);
    open.and(&format!("COALESCE({DONE_AT}, {0}) >= {0}", from.0), []);
    let sql = format!("SELECT COUNT(*) AS tickets FROM tickets{}", open.sql());
    let before = get(&open.query(sql).fetch_one(&mut *c).await?, "tickets")?;
    let mut done = all(true).filter(engine_of(c), sight, asker);
    done.and(&format!("{DONE_AT} >= {} AND {DONE_AT} < {}", from.0, until.0), []);
    let sql =
        format!("SELECT {DONE_AT} / {span_ms} AS span, COUNT(*) AS tickets FROM tickets{} GROUP BY 1", done.sql());
    let rows = done.query(sql).fetch_all(c).await?;
    let done = rows.iter().map(|row| Ok((get(row, "span")?, get(row, "tickets")?))).collect::<Result<_>>()?;
    Ok((before, done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_in_any_form() {
        for typed in ["TK-2026-000123", "tk 2026 123", "2026-123", "#2026/000123", " Tk-2026-123 "] {
            assert_eq!(spelled_out(typed).as_deref(), Some("TK-2026-000123"), "{typed}");
        }
        for other in ["2026", "password 2026", "123-456", "la casella 12"] {
            assert_eq!(spelled_out(other), None, "{other}");
        }
    }
}
