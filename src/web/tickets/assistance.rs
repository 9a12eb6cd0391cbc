//! In charge of the public form for a request, `/assistenza` (F01–F08), and of the page behind its link, on which whoever wrote it
//! confirms it. Whoever is logged in opens its request at once. Works without scripts; answers nobody whether an address is known.

use std::time::Instant;

use rocket::http::{CookieJar, Status};
use rocket::request::FlashMessage;
use rocket::response::Redirect;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::{
    answered, answers, by_working_day, dashed, files, kept_files, kind_text, kind_word, mark, new_form, once,
    password_due, severity, typed_kind, with_files,
};
use crate::desk::assistance::{self, Asked};
use crate::desk::ticket as desk;
use crate::input::{FieldError, Fields};
use crate::key::token_hash;
use crate::model::id::AttachmentId;
use crate::model::ticket::{Channel, PASSWORD_LOST, State as Standing};
use crate::outbox;
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;
use crate::text::fold;
use crate::web::Site;
use crate::web::form::{Posted, TRAP, empty, visitor_token};
use crate::web::guard::{Agent, Asker, Visitor};
use crate::web::hours;
use crate::web::outcome::Failure;
use crate::web::pace;
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::session::visitor_frame;

/// Where whoever has sent the form goes: the same for everybody.
const SENT: &str = "/assistenza/inviata";

/// Before the address that was typed, in the word with which one is led there.
const TYPED: &str = "assistance-sent:";

/// Who looks at a public page, logged in or not, with the token of its forms.
struct Reader<'r> {
    agent: Option<&'r Agent>,
    visitor: &'r Visitor,
    token: String,
}

impl<'r> Reader<'r> {
    fn of(site: &Site, agent: Option<&'r Agent>, visitor: &'r Visitor, cookies: &CookieJar<'_>) -> Reader<'r> {
        Reader { agent, visitor, token: visitor_token(site, cookies) }
    }

    fn frame<'a>(&'a self, site: &'a Site, path: &'a str) -> Frame<'a> {
        match self.agent {
            Some(agent) => Frame::of(site, agent, path, None),
            None => visitor_frame(site, self.visitor, path, &self.token, None),
        }
    }
}

/// The form.
#[get("/assistenza")]
pub async fn show(agent: Option<Agent>, visitor: Visitor, cookies: &CookieJar<'_>, site: &State<Site>) -> PageResult {
    if let Some(agent) = &agent {
        agent.must(Act::AskForHelp)?;
    }
    let reader = Reader::of(site, agent.as_ref(), &visitor, cookies);
    draw(site, &reader, empty(json!({}))).await
}

/// Takes it: of who is logged in a request is opened, of who is not it waits until the address is confirmed.
#[post("/assistenza", data = "<form>")]
pub async fn send(
    form: Posted,
    agent: Option<Agent>,
    visitor: Visitor,
    cookies: &CookieJar<'_>,
    site: &State<Site>,
) -> Answer {
    let reader = Reader::of(site, agent.as_ref(), &visitor, cookies);
    match &agent {
        Some(agent) => open(site, &reader, agent, form).await,
        None => ask(site, &reader, form).await,
    }
}

/// Opens the request of who is logged in, like the portal.
async fn open(site: &Site, reader: &Reader<'_>, agent: &Agent, form: Posted) -> Answer {
    agent.must(Act::AskForHelp)?;
    let names = ["subject", "body", "area", "priority", "organization_id", "phone", "mailbox"];
    let mut texts: Vec<(String, String)> = names.map(|name| (name.to_string(), form.get(name).to_string())).to_vec();
    texts.push(("attachments".into(), files(&form)));
    let asked = store::request_fields::asked(&mut *site.app.db.read().await?).await?;
    texts.extend(typed_kind(&form));
    texts.extend(answers(&form, &asked));
    let mut fields = Fields::from_texts(texts);
    for needed in ["kind", "priority"] {
        fields.required_text(needed, 50);
    }
    let (phone, mailbox) = assistance::details(&mut fields);
    fields.forget("phone");
    fields.forget("mailbox");
    let body = form.get("body").trim();
    if !body.is_empty() {
        let lines = [("phone", phone.as_str()), ("mailbox", mailbox.as_str())];
        fields.put("body", &assistance::with_lines(&site.app, body, &lines));
    }
    if form.all("attachments").count() > assistance::MOST_FILES {
        fields.refuse("files", "too-many-files");
    }
    let key = once(&form, "/assistenza");
    let made = match with_files(&form, desk::read(fields, &agent.person, Channel::Form, &asked)) {
        Ok(draft) => desk::create(&site.app, &agent.actor(), &agent.person, draft, key.as_ref()).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        Ok(ticket) => Ok(Sent::done(format!("/richieste/{}", ticket.number), "request-sent")),
        Err(Refusal::Invalid(wrong)) => {
            let kept = kept_files(site, &agent.person.id, &form).await?;
            Ok(Sent::again(again(site, reader, &form, &wrong, kept).await?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Keeps the request of who is not logged in. Whatever becomes of it, what was typed comes back or is kept.
async fn ask(site: &Site, reader: &Reader<'_>, form: Posted) -> Answer {
    // A program that fills in everything is told the same as everybody.
    if form.is_trapped() {
        return Ok(to_sent(form.get("email").trim()));
    }
    let visitor = token_hash(&reader.token);
    let kept = loose_files(site, &visitor, &form).await?;
    if let Some(seconds) = form.wait() {
        return too_many(site, reader, &form, kept, seconds, "too-many-requests").await;
    }
    let names = ["name", "email", "organization", "not_customer", "phone", "area", "priority", "mailbox"];
    let mut texts: Vec<(String, String)> =
        names.iter().chain(&["subject", "body"]).map(|name| (name.to_string(), form.get(name).to_string())).collect();
    texts.push(("attachments".into(), files(&form)));
    let asked = store::request_fields::asked(&mut *site.app.db.read().await?).await?;
    texts.extend(typed_kind(&form));
    texts.extend(answers(&form, &asked));
    let draft = match with_files(&form, assistance::read(Fields::from_texts(texts), &asked, reader.visitor.language)) {
        Ok(draft) if outbox::is_open(&site.app) => draft,
        // The page itself says that nothing can be sent from here.
        Ok(_) => return Ok(Sent::again(again(site, reader, &form, &[], kept).await?)),
        Err(wrong) => return Ok(Sent::again(again(site, reader, &form, &wrong, kept).await?)),
    };
    // By who types it: nobody keeps another's address waiting.
    let caller = pace::caller(&reader.visitor.ip);
    if let Err(seconds) = site.addresses.take(&format!("{caller} {}", fold(&draft.email)), Instant::now()) {
        return too_many(site, reader, &form, kept, seconds, "too-many-requests").await;
    }
    let key = once(&form, "/assistenza").map(|once| once.key).unwrap_or_else(|| form.fingerprint(&["once"]));
    let email = draft.email.clone();
    let who = (reader.visitor.ip.as_str(), caller.as_str(), reader.visitor.language);
    match assistance::ask(&site.app, who, draft, (&visitor, &key)).await {
        Ok(Asked::Waits) => Ok(to_sent(&email)),
        Ok(Asked::TooMany(seconds)) => too_many(site, reader, &form, kept, seconds, "too-many-unconfirmed").await,
        Ok(Asked::Busy(seconds)) => too_many(site, reader, &form, kept, seconds, "too-many-for-address").await,
        Err(Refusal::Invalid(wrong)) => Ok(Sent::again(again(site, reader, &form, &wrong, kept).await?)),
        Err(refusal) => Err(refusal.into()),
    }
}

/// On to what is next, with the address that was typed; it is not part of the page's own address, which is written down.
fn to_sent(email: &str) -> Sent {
    let email: String = email.chars().take(254).collect();
    Sent::done(SENT, &format!("{TYPED}{email}"))
}

/// The form again, as typed, for who has to wait.
async fn too_many(
    site: &Site,
    reader: &Reader<'_>,
    form: &Posted,
    kept: Vec<Value>,
    seconds: u64,
    rule: &'static str,
) -> Answer {
    let about = seconds.to_string();
    let mut wrong = vec![FieldError { about, ..FieldError::new("email", rule) }];
    wrong.extend(form.wrong_files());
    Ok(Sent::too_many(again(site, reader, form, &wrong, kept).await?, seconds))
}

async fn again(site: &Site, reader: &Reader<'_>, form: &Posted, wrong: &[FieldError], kept: Vec<Value>) -> PageResult {
    let language = reader.frame(site, "/assistenza").language;
    let mut form = form.again(site, language, wrong);
    form["kept"] = kept.into();
    draw(site, reader, form).await
}

/// The files of this browser that came with a form and wait.
async fn loose_files(site: &Site, visitor: &str, form: &Posted) -> store::Result<Vec<Value>> {
    let mut c = site.app.db.read().await?;
    let mut kept = Vec::new();
    for id in form.all("attachments").take(assistance::MOST_FILES) {
        let found = store::attachments::loose_of(&mut c, &AttachmentId::from(id), visitor).await?;
        kept.extend(found.map(|one| json!({"id": one.id, "name": one.name})));
    }
    Ok(kept)
}

async fn draw(site: &Site, reader: &Reader<'_>, form: Value) -> PageResult {
    let frame = reader.frame(site, "/assistenza");
    let person = reader.agent.map(|agent| &agent.person);
    let mut c = site.app.db.read().await?;
    let mut context = new_form(&mut c, &frame, person, form).await?;
    drop(c);
    context["me"] = person.map(|person| json!({"name": person.name, "email": person.email})).into();
    // A session that ends meanwhile loses nothing: the form comes back with what was typed, for a stranger to complete.
    context["token"] = reader.token.clone().into();
    context["open"] = (person.is_some() || outbox::is_open(&site.app)).into();
    context["trap"] = TRAP.into();
    context["most_files"] = assistance::MOST_FILES.into();
    frame.page("assistance/form", "request-new-title", context)
}

/// What whoever has sent the form does next: it confirms the address.
#[get("/assistenza/inviata")]
pub async fn sent(
    agent: Option<Agent>,
    visitor: Visitor,
    cookies: &CookieJar<'_>,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    let reader = Reader::of(site, agent.as_ref(), &visitor, cookies);
    let frame = reader.frame(site, SENT);
    let mut context = hours::help(&mut *site.app.db.read().await?, site, frame.language).await?;
    // As it was typed, for who typed it: a mistake is seen.
    context["email"] = flash.as_ref().and_then(|flash| flash.message().strip_prefix(TYPED)).into();
    frame.page("assistance/sent", "assistance-sent-title", context)
}

/// The page behind a link: the request with the button that opens it, or the number of the one that was opened. Programs that
/// look at links before people do change nothing.
#[get("/assistenza/conferma/<token>")]
pub async fn read(
    token: &str,
    agent: Option<Agent>,
    visitor: Visitor,
    cookies: &CookieJar<'_>,
    site: &State<Site>,
) -> Answer {
    let reader = Reader::of(site, agent.as_ref(), &visitor, cookies);
    let path = format!("/assistenza/conferma/{token}");
    let frame = reader.frame(site, &path);
    let Some((one, files)) = assistance::find(&site.app, token).await? else { return gone(site, &frame).await };
    let mut c = site.app.db.read().await?;
    let mut context = hours::help(&mut c, site, frame.language).await?;
    context["password_by"] = match &one.number {
        Some(number) => store::tickets::find(&mut c, number).await?.and_then(|made| password_due(&frame, &made)).into(),
        None if one.category.as_deref() == Some(PASSWORD_LOST) => {
            let promise = crate::desk::hours::promise(&site.app, &mut c).await?;
            promise.password_due(site.app.clock.now()).map(|due| by_working_day(&frame, due)).into()
        }
        None => Value::Null,
    };
    drop(c);
    let names: Vec<&String> = files.iter().map(|one| &one.name).collect();
    context["number"] = one.number.clone().into();
    context["standing_href"] = one.number.as_ref().map(|number| assistance::page_of(&site.app, number)).into();
    context["email"] = one.email.into();
    context["request"] = json!({
        "name": one.name, "organization": one.organization, "phone": one.phone, "mailbox": one.mailbox,
        "area": frame.text(&format!("area-{}", one.area.as_str())),
        "kind": kind_word(Some(one.kind), one.category.as_deref()).map(|word| kind_text(&frame, word)),
        "priority": severity(&frame, one.priority)["text"],
        "subject": one.subject, "body": one.body, "files": names,
        "answers": answered(&frame, &one.fields),
    });
    let title = if one.number.is_some() { "assistance-done-title" } else { "assistance-confirm-title" };
    Ok(Sent::Seen(frame.page("assistance/confirm", title, context)?))
}

/// The page behind a link that leads to nothing: mistyped, too old, or of a request that was sent long ago; which of them it is nobody
/// knows any more.
async fn gone(site: &Site, frame: &Frame<'_>) -> Answer {
    let context = hours::help(&mut *site.app.db.read().await?, site, frame.language).await?;
    Ok(Sent::Again((Status::NotFound, frame.page("assistance/gone", "assistance-gone-title", context)?)))
}

/// How a request stands, for who has its link and no account: its number, its state, and what happens next. Nothing of what was said.
#[get("/assistenza/richiesta/<link>")]
pub async fn standing(
    link: &str,
    agent: Option<Agent>,
    visitor: Visitor,
    cookies: &CookieJar<'_>,
    site: &State<Site>,
) -> PageResult {
    let (number, ticket) = assistance::of_page(&site.app, link).await?.ok_or(Failure::NotFound)?;
    let reader = Reader::of(site, agent.as_ref(), &visitor, cookies);
    let path = format!("/assistenza/richiesta/{link}");
    let frame = reader.frame(site, &path);
    let mut c = site.app.db.read().await?;
    let mut context = hours::help(&mut c, site, frame.language).await?;
    context["by_mail"] = store::intake_mailboxes::address_for(&mut c, ticket.area).await?.is_some().into();
    drop(c);
    let now = match ticket.state {
        Standing::PendingRequester => "assistance-now-waiting",
        Standing::PendingConditions => "assistance-now-conditions",
        Standing::Resolved => "assistance-now-resolved",
        Standing::Closed => "assistance-now-over",
        Standing::Cancelled => "assistance-now-cancelled",
        Standing::New => "assistance-now-new",
        Standing::Open | Standing::PendingThirdParty => "assistance-now-working",
    };
    let state = frame.text(&format!("ticket-state-{}", dashed(ticket.state.as_str())));
    context["state"] = json!({"mark": mark(ticket.state), "text": state, "now": frame.text(now)});
    context["number"] = number.clone().into();
    context["log_in_href"] = format!("/accedi?torna=/richieste/{number}").into();
    let title = site.templates.text(frame.language, "assistance-standing-title", &[("number", number.as_str().into())]);
    Ok(RawHtml(frame.render("assistance/standing", &title, context)?))
}

/// Opens the request, once: whoever presses again is led to the same number.
#[post("/assistenza/conferma/<token>", data = "<_form>")]
pub async fn confirm(
    token: &str,
    _form: Posted,
    agent: Option<Agent>,
    visitor: Visitor,
    cookies: &CookieJar<'_>,
    site: &State<Site>,
) -> Answer {
    if assistance::confirm(&site.app, token, &visitor.ip).await?.is_none() {
        let reader = Reader::of(site, agent.as_ref(), &visitor, cookies);
        return gone(site, &reader.frame(site, &format!("/assistenza/conferma/{token}"))).await;
    }
    Ok(Sent::Gone(Box::new(Redirect::to(format!("/assistenza/conferma/{token}")))))
}
