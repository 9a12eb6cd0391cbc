//! In charge of the words on whom the mails of an entry have reached, and whom not; and of the button that says that who asked can be
//! reached again.

use rocket::{State as Shared, post};
use serde_json::{Value, json};

use super::dashed;
use super::work::found;
use crate::catalogue::Value as Word;
use crate::model::outbox::{Delivery, State};
use crate::outbox::bounce;
use crate::people::rights::{self, Act};
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, Sent};

/// How many addresses are named before the others are counted.
const NAMED: usize = 3;

/// Says that the address of who asked takes mail again.
#[post("/operatore/<number>/indirizzo", data = "<_form>")]
pub async fn works(number: &str, _form: Posted, agent: Agent, site: &Shared<Site>) -> Answer {
    let (ticket, _) = found(site, &agent, number).await?;
    bounce::works_again(&site.app, &agent.actor(), &ticket.requester.email).await?;
    Ok(Sent::done(format!("/operatore/{}", ticket.number), "address-works"))
}

/// `{stuck, rest, href}`: whom no mail has reached; how the others stand; where the desk can do something about it. Null where
/// there was no mail.
pub fn mark(frame: &Frame<'_>, mails: &[Delivery]) -> Value {
    let Some(worst) = Delivery::worst(mails) else { return Value::Null };
    let is_stuck = |state: State| matches!(state, State::Failed | State::Uncertain);
    if !is_stuck(worst) {
        return json!({"stuck": null, "rest": frame.text(&format!("mail-state-{}", dashed(worst.as_str()))), "href": null});
    }
    let mut states = State::ALL;
    states.sort_by_key(|state| state.rank());
    let mut lines = [Vec::new(), Vec::new()];
    for state in states {
        let to: Vec<&str> = mails.iter().filter(|one| one.state == state).map(|one| one.to.as_str()).collect();
        if !to.is_empty() {
            let values = [("to", Word::Text(named(frame, &to)))];
            let key = format!("mail-to-{}", dashed(state.as_str()));
            let line = frame.site.templates.text(frame.language, &key, &values);
            lines[usize::from(!is_stuck(state))].push(line);
        }
    }
    let may_retry = frame.agent.is_some_and(|agent| rights::may(&agent.person, Act::ManageOutbox));
    let [stuck, rest] = lines.map(|lines| lines.join(" · "));
    json!({"stuck": stuck, "rest": rest, "href": may_retry.then_some("/posta-in-uscita?stato=da-rivedere")})
}

/// Some addresses by name; of many, the first ones and how many there are besides.
pub fn named(frame: &Frame<'_>, to: &[&str]) -> String {
    if to.len() <= NAMED + 1 {
        return to.join(", ");
    }
    let (first, others) = to.split_at(NAMED);
    let count = i64::try_from(others.len()).unwrap_or(i64::MAX);
    let values = [("to", Word::Text(first.join(", "))), ("n", Word::Number(count))];
    frame.site.templates.text(frame.language, "mail-to-more", &values)
}
