//! In charge of doing one thing to many mailboxes, each by the verb that does it to one: what one refuses stops no other.

use super::draft::Draft;
use super::mailbox;
use super::refresh::{self, Scope};
use crate::app::App;
use crate::input::Fields;
use crate::model::mailbox::Mailbox;
use crate::model::trace::Actor;
use crate::people::Refusal;

/// At most so many mailboxes at once, so that the answer comes while somebody waits.
pub const MOST: usize = 1000;

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Visit them now.
    Refresh,
    Suspend,
    Resume,
    /// Give them this group label; an empty one takes it away.
    Group(String),
}

/// Does it to each, in their order: why it was not done, where it was not.
pub async fn act(
    app: &App,
    actor: &Actor,
    mailboxes: &[Mailbox],
    deed: &Deed,
) -> Result<Vec<Option<Refusal>>, Refusal> {
    if *deed == Deed::Refresh {
        let is_stopped = |one: &&Mailbox| one.facts.status.is_stopped();
        let asked: Vec<Mailbox> = mailboxes.iter().filter(|one| !is_stopped(one)).cloned().collect();
        if !asked.is_empty() {
            refresh::begin(app, actor, Scope::These(&asked)).await?;
        }
        let stopped = |one: &Mailbox| is_stopped(&one).then_some(Refusal::Conflict("mailbox-not-visited"));
        return Ok(mailboxes.iter().map(stopped).collect());
    }
    let mut outcomes = Vec::with_capacity(mailboxes.len());
    for one in mailboxes {
        let mut fields = Fields::default();
        match deed {
            Deed::Suspend => fields.put("suspended", "true"),
            Deed::Resume => fields.put("suspended", "false"),
            Deed::Group(label) => fields.put("group", label),
            Deed::Refresh => {}
        }
        let done = match Draft::read(fields, Some(&one.card), &app.settings) {
            Ok(draft) => mailbox::change(app, actor, one, draft).await.map(drop),
            Err(wrong) => Err(wrong.into()),
        };
        outcomes.push(done.err());
    }
    Ok(outcomes)
}
