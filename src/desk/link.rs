//! In charge of naming mailboxes in a ticket (L01), by hand or by their addresses in what was written (L03). The door has checked
//! that the ticket is seen.

use sqlx::AnyConnection;

use super::ticket::check_mailboxes;
use super::{changed, event};
use crate::app::App;
use crate::audit;
use crate::input::is_email;
use crate::model::id::{MailboxId, OrganizationId};
use crate::model::person::Person;
use crate::model::ticket::{Channel, Event, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, Tx};
use crate::text::fold;

/// The most addresses of a text that are looked up.
const MOST_NAMED: usize = 20;

/// Names a mailbox in a ticket.
pub async fn link(
    app: &App,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    mailbox: &MailboxId,
) -> Result<Ticket, Refusal> {
    let mut tx = app.db.begin().await?;
    held(&mut tx, ticket).await?;
    check_mailboxes(&mut tx, by, ticket.organization_id.as_ref(), std::slice::from_ref(mailbox)).await?;
    if store::tickets::link(&mut tx, &ticket.id, mailbox).await? {
        linked(app, &mut tx, actor, by, ticket, mailbox, "linked").await?;
    }
    let now = store::tickets::find_by_id(&mut tx, &ticket.id).await?;
    tx.commit().await?;
    now.ok_or(Refusal::Conflict("conflict-removed"))
}

/// Names a mailbox no longer. False when it was not named.
pub async fn unlink(
    app: &App,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    mailbox: &MailboxId,
) -> Result<bool, Refusal> {
    let mut tx = app.db.begin().await?;
    held(&mut tx, ticket).await?;
    if !store::tickets::unlink(&mut tx, &ticket.id, mailbox).await? {
        return Ok(false);
    }
    linked(app, &mut tx, actor, by, ticket, mailbox, "unlinked").await?;
    tx.commit().await?;
    Ok(true)
}

/// Holds the ticket; what was joined to another, or thrown away, says nothing new.
async fn held(tx: &mut Tx, ticket: &Ticket) -> Result<(), Refusal> {
    match store::tickets::lock(tx, &ticket.id).await? {
        Some(now) if now.merged_into.is_none() && now.deleted_at.is_none() => Ok(()),
        _ => Err(Refusal::Conflict("conflict-ticket-state")),
    }
}

async fn linked(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    mailbox: &MailboxId,
    what: &'static str,
) -> Result<(), Refusal> {
    let address = store::mailboxes::find(tx, mailbox).await?.map(|one| one.card.address).unwrap_or_default();
    let told = event(by, true, Channel::Portal, app.clock.now(), Event { new: address.clone(), ..changed(what) });
    store::ticket_messages::insert(tx, &ticket.id, &told).await?;
    let act = if what == "linked" {
        Act::on("ticket.linked", &ticket.number)
    } else {
        Act::on("ticket.unlinked", &ticket.number)
    };
    Ok(audit::record(app, tx, actor, act.with(address)).await?)
}

/// The mailboxes of a body whose addresses these texts name. Of nobody's body none: others' are not theirs to name.
pub(super) async fn named(
    c: &mut AnyConnection,
    organization: Option<&OrganizationId>,
    texts: &[&str],
) -> store::Result<Vec<MailboxId>> {
    let Some(organization) = organization else { return Ok(Vec::new()) };
    let mut found: Vec<String> = Vec::new();
    for address in texts.iter().flat_map(|text| addresses(text)) {
        if found.len() < MOST_NAMED && !found.contains(&address) {
            found.push(address);
        }
    }
    store::mailboxes::of_addresses(c, organization, &found).await
}

/// The addresses that a text speaks of, folded: not those that it quotes, nor those of a signature (`-- `, `PEC: …`), which stand
/// under every mail of a body whatever it is about.
fn addresses(text: &str) -> impl Iterator<Item = String> {
    let is_quote = |line: &str| line.contains('@') && line.ends_with(':');
    let is_contact = |line: &str| line.split_whitespace().next().is_some_and(|word| word.ends_with(':'));
    let own = text.lines().map(str::trim).take_while(move |line| *line != "--" && !is_quote(line));
    let own = own.filter(move |line| line.contains('@') && !line.starts_with('>') && !is_contact(line));
    let in_address = |c: char| c.is_alphanumeric() || "@.-_+&'".contains(c);
    own.flat_map(move |line| line.split(move |c: char| !in_address(c)))
        .map(|word| word.trim_matches(['.', '-', '\'']))
        .filter(|word| is_email(word))
        .map(fold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_the_mailboxes_that_it_is_about() {
        let found = |text| addresses(text).collect::<Vec<_>>();
        assert_eq!(found("La casella SUAP@pec.comune.example, da ieri."), ["suap@pec.comune.example"]);
        assert_eq!(
            found("(protocollo@pec.comune.example) e <a.b@pec.it>"),
            ["protocollo@pec.comune.example", "a.b@pec.it"]
        );
        for other in [
            "nessun indirizzo",
            "chi@",
            "Grazie\nPEC: comune@pec.comune.example",
            "Grazie\n-- \nUfficio, comune@pec.comune.example",
            "> scrivo da comune@pec.comune.example",
            "Grazie\nIl 3 marzo ugo <ugo@pec.comune.example> ha scritto:\nla casella a@pec.comune.example",
        ] {
            assert_eq!(found(other), Vec::<String>::new(), "{other}");
        }
    }
}
