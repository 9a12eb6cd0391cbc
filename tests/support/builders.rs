//! In charge of mailboxes, and mail of the desk, that are in the database without a mail server behind: tests say only what matters of them.

use sportello::clock::Moment;
use sportello::files::blob;
use sportello::model::id::{IntakeMailId, MailboxId};
use sportello::model::intake::{IntakeMail, MailReason, MailState};
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

/// A mail that is held at the desk, with its bytes. Who wrote it and what about are `ignoto@altrove.example` and its subject's.
pub async fn held_mail(app: &TestApp, subject: &str, text: &str) -> IntakeMail {
    let now = Moment(BEGINNING);
    let raw = format!("From: Ignoto <ignoto@altrove.example>\r\nSubject: {subject}\r\n\r\n{text}\r\n");
    let folder = &app.app.settings.data_dir;
    let mut blob = blob::Incoming::begin(folder).await.unwrap();
    blob.write(raw.as_bytes()).await.unwrap();
    let held = IntakeMail {
        id: IntakeMailId::new(),
        mailbox_id: None,
        uid_validity: 1,
        uid: 1,
        size: raw.len() as i64,
        sha256: blob.finish(folder).await.unwrap(),
        state: MailState::Held,
        reason: Some(MailReason::UnknownSender),
        tries: 0,
        message_id: None,
        sender_name: Some("Ignoto".into()),
        sender_email: Some("ignoto@altrove.example".into()),
        subject: Some(subject.into()),
        received_at: now,
        taken_at: now,
        ticket_id: None,
    };
    let mut tx = app.app.db.begin().await.unwrap();
    assert!(store::intake_mails::insert(&mut tx, &held).await.unwrap());
    let found = store::intake_mails::Found {
        message_id: None,
        other_ids: &[],
        content: None,
        sender_name: held.sender_name.as_deref(),
        sender_email: held.sender_email.as_deref(),
        subject: held.subject.as_deref(),
    };
    store::intake_mails::describe(&mut tx, &held.id, &found).await.unwrap();
    tx.commit().await.unwrap();
    held
}
