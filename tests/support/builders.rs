//! In charge of mailboxes that are in the database without a mail server behind: tests say only what matters of them.

use sportello::clock::Moment;
use sportello::model::id::MailboxId;
use sportello::model::mailbox::{Authorization, Card, Facts, Mailbox, Status};
use sportello::model::organization::Organization;
use sportello::model::server::{Security, Server};
use sportello::store;

use super::app::{BEGINNING, TestApp};

/// A mailbox to be made.
pub struct MailboxBuilder(Mailbox);

/// A mailbox of no body, active, with nothing in it.
pub fn mailbox(address: &str) -> MailboxBuilder {
    let now = Moment(BEGINNING);
    let card = Card {
        address: address.into(),
        username: address.into(),
        description: None,
        group: None,
        organization_id: None,
        holder_tax_code: None,
        authorization: Authorization { holder: "Sindaco".into(), date: "2026-06-01".into() },
        imap: Server { host: "127.0.0.1".into(), port: 9, security: Security::Tls },
        smtp: None,
    };
    let facts = Facts { last_checked_at: Some(now), ..Facts::fresh(Status::Ok, now) };
    MailboxBuilder(Mailbox { id: MailboxId::new(), card, facts, created_at: now })
}

impl MailboxBuilder {
    /// Belonging to this body.
    pub fn of(mut self, organization: &Organization) -> MailboxBuilder {
        self.0.card.organization_id = Some(organization.id.clone());
        self
    }

    /// Called so.
    pub fn named(mut self, name: &str) -> MailboxBuilder {
        self.0.card.description = Some(name.into());
        self
    }

    /// Otherwise than usual.
    pub fn with(mut self, change: impl FnOnce(&mut Mailbox)) -> MailboxBuilder {
        change(&mut self.0);
        self
    }

    /// Writes it.
    pub async fn insert(self, app: &TestApp) -> Mailbox {
        let mut tx = app.app.db.begin().await.expect("a write");
        store::mailboxes::insert(&mut tx, &self.0).await.expect("inserted");
        tx.commit().await.expect("committed");
        self.0
    }
}
