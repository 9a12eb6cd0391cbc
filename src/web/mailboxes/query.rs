//! In charge of what the console's address asks for: filters, order, and the addresses that differ from it by one thing. A view
//! is always an address. Does not know the page.

use rocket::FromForm;
use rocket::form::Form;
use serde_json::{Value, json};

use crate::model::mailbox::Status;
use crate::store::mailbox_list::{IN_TROUBLE, Order, REFUSED, Totals, Wanted};
use crate::web::page::{Frame, address};

/// What the address asks for: a view is always an address.
#[derive(Debug, Clone, Default, FromForm)]
pub struct Query {
    pub q: Option<String>,
    pub stato: Option<String>,
    pub gruppo: Option<String>,
    pub ente: Option<String>,
    nuovi: Option<String>,
    non_letti: Option<String>,
    poco_spazio: Option<String>,
    ordina: Option<String>,
    pub da: Option<String>,
    pub frammento: Option<String>,
}

/// The word that stands for every status in trouble.
pub const TROUBLE: &str = "problemi";

/// The word that stands for the statuses «accesso negato».
pub const DENIED: &str = "negato";

/// The orders of the console, with their words in the address; a minus before one turns it round.
const ORDERS: [(Order, &str); 8] = [
    (Order::Name, "name"),
    (Order::Address, "address"),
    (Order::Status, "status"),
    (Order::Holder, "holder"),
    (Order::New, "new"),
    (Order::Unread, "unread"),
    (Order::LastMessage, "last_message"),
    (Order::LastChecked, "checked"),
];

/// The word of an order, with a minus when it begins with the greatest.
pub fn word_of(order: Order, falling: bool) -> String {
    let word = ORDERS.iter().find(|(known, _)| *known == order).map_or("name", |(_, word)| word);
    format!("{}{word}", if falling { "-" } else { "" })
}

impl Query {
    /// A query as it stands in an address; what cannot be read of it is left out.
    pub fn parse(text: &str) -> Query {
        Form::<Query>::parse(text).unwrap_or_default()
    }

    /// The order asked for, and whether from the greatest.
    pub fn order(&self) -> (Order, bool) {
        let text = self.ordina.as_deref().unwrap_or_default();
        let (falling, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        // The API's words for the same orders are understood too.
        match ORDERS.iter().chain(&Order::ALL).find(|(_, known)| *known == word) {
            Some((order, _)) => (*order, falling),
            None => (Order::Name, false),
        }
    }

    /// Which mailboxes are asked for, before anybody's scope.
    pub fn wanted(&self) -> Wanted {
        let text = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let statuses = match text(&self.stato).as_deref() {
            None => None,
            Some(TROUBLE) => Some(IN_TROUBLE.to_vec()),
            Some(DENIED) => Some(REFUSED.to_vec()),
            Some(word) => Some(Status::parse(word).into_iter().collect()),
        };
        Wanted {
            q: text(&self.q),
            statuses,
            with_new: self.nuovi.is_some(),
            with_unread: self.non_letti.is_some(),
            short_of_room: self.poco_spazio.is_some(),
            group: text(&self.gruppo),
            organization_id: text(&self.ente).map(Into::into),
            ..Wanted::default()
        }
    }

    /// The key of the page's title.
    pub fn title(&self) -> &'static str {
        match (&self.nuovi, &self.non_letti, &self.poco_spazio, self.stato.as_deref()) {
            (Some(_), None, None, _) => "mailboxes-title-new",
            (None, Some(_), None, _) => "mailboxes-title-unread",
            (None, None, Some(_), _) => "mailboxes-title-room",
            (None, None, None, Some(TROUBLE)) => "mailboxes-title-trouble",
            _ => "mailboxes-title",
        }
    }

    /// The address of the same view but for one thing.
    pub fn href(&self, change: impl FnOnce(&mut Query)) -> String {
        let mut query = Query { frammento: None, ..self.clone() };
        change(&mut query);
        let pairs = [
            ("q", &query.q),
            ("stato", &query.stato),
            ("gruppo", &query.gruppo),
            ("ente", &query.ente),
            ("nuovi", &query.nuovi),
            ("non_letti", &query.non_letti),
            ("poco_spazio", &query.poco_spazio),
            ("ordina", &query.ordina),
            ("da", &query.da),
            ("frammento", &query.frammento),
        ];
        address("/caselle", pairs.map(|(name, value)| (name, value.as_deref())))
    }

    /// A second click on a column turns its order round; numbers and dates begin with the greatest.
    pub fn sort_links(&self, order: Order, falling: bool) -> Value {
        let links = ORDERS.iter().map(|(one, word)| {
            let begins_falling = matches!(one, Order::New | Order::Unread | Order::LastMessage);
            let next = if *one == order { !falling } else { begins_falling };
            let href = self.href(|query| (query.ordina, query.da) = (Some(word_of(*one, next)), None));
            let direction = (*one == order).then_some(if falling { "descending" } else { "ascending" });
            (word.to_string(), json!({"href": href, "direction": direction}))
        });
        Value::Object(links.collect())
    }

    /// The views that everybody has, each with its count; by figures only for who sees those of all that is listed.
    pub fn views(&self, frame: &Frame<'_>, totals: &Totals, by_figures: bool) -> Value {
        let chosen = [self.nuovi.is_some(), self.non_letti.is_some(), self.poco_spazio.is_some()];
        let trouble = self.stato.as_deref() == Some(TROUBLE);
        let is_filtered = self.q.is_some() || self.gruppo.is_some() || self.ente.is_some() || self.stato.is_some();
        let is_only = |view: [bool; 3]| chosen == view && !is_filtered;
        let all = json!({"href": "/caselle", "text": frame.text("mailboxes-view-all"), "count": totals.mailboxes,
                         "current": is_only([false, false, false]), "hot": false});
        if !by_figures {
            return json!([all]);
        }
        json!([
            all,
            {"href": "/caselle?nuovi=1", "text": frame.text("mailboxes-view-new"), "count": totals.with_new,
             "current": is_only([true, false, false]), "hot": false},
            {"href": "/caselle?non_letti=1", "text": frame.text("mailboxes-view-unread"), "count": totals.with_unread,
             "current": is_only([false, true, false]), "hot": false},
            {"href": "/caselle?poco_spazio=1", "text": frame.text("mailboxes-view-room"), "count": totals.short_of_room,
             "current": is_only([false, false, true]), "hot": false},
            {"href": "/caselle?stato=problemi", "text": frame.text("mailboxes-view-trouble"), "count": totals.in_trouble,
             "current": trouble && chosen == [false; 3], "hot": totals.in_trouble > 0},
        ])
    }

    /// Each thing that is asked for, in words, with the address of the same view without it (ui.md 7.5).
    pub fn chips(&self, frame: &Frame<'_>, organization: Option<&str>) -> Vec<Value> {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let status = |word: &str| match word {
            TROUBLE => frame.text("mailboxes-status-trouble"),
            DENIED => frame.text("mailboxes-status-denied"),
            word if Status::parse(word).is_some() => frame.text(&format!("status-{}", word.replace('_', "-"))),
            word => word.to_string(),
        };
        let body = organization.map_or_else(|| self.ente.clone().unwrap_or_default(), ToString::to_string);
        let mut chips = Vec::new();
        let mut chip = |text: String, without: fn(&mut Query)| {
            let href = self.href(|query| {
                without(query);
                query.da = None;
            });
            chips.push(json!({"text": text, "href": href}));
        };
        if let Some(q) = filled(&self.q) {
            chip(format!("«{q}»"), |query| query.q = None);
        }
        if let Some(word) = filled(&self.stato) {
            chip(status(&word), |query| query.stato = None);
        }
        if let Some(group) = filled(&self.gruppo) {
            chip(group, |query| query.gruppo = None);
        }
        if filled(&self.ente).is_some() {
            chip(body, |query| query.ente = None);
        }
        if self.nuovi.is_some() {
            chip(frame.text("mailboxes-view-new"), |query| query.nuovi = None);
        }
        if self.non_letti.is_some() {
            chip(frame.text("mailboxes-view-unread"), |query| query.non_letti = None);
        }
        if self.poco_spazio.is_some() {
            chip(frame.text("mailboxes-view-room"), |query| query.poco_spazio = None);
        }
        chips
    }
}
