//! In charge of the body of a mail as it was written, `/messaggi/<id>/corpo`: a page for a frame, which runs nothing and fetches nothing
//! (`ui.md` 4). Does not know how HTML is made harmless.

use rocket::http::{ContentType, Header};
use rocket::request::Request;
use rocket::response::{self, Responder, Response};
use rocket::{State, get};

use crate::intake::body::{self, How};
use crate::model::id::MessageId;
use crate::web::Site;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;

/// What a body may load and do: nothing runs; pictures lie in it, or come from elsewhere where that was asked for.
const POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'";
const POLICY_WITH_REMOTE: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: https:; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// How a body looks where it says nothing itself. Where a link leads is told below as soon as it is pointed at (W22).
const STYLE: &str = "html{color-scheme:light}body{margin:12px;font:15px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;\
    overflow-wrap:anywhere}img{max-width:100%;height:auto}pre{white-space:pre-wrap;font:inherit}\
    a[title]:hover::after,a[title]:focus::after{content:attr(title)!important;position:fixed!important;left:0;right:0;bottom:0;\
    padding:4px 12px;font:13px/1.4 system-ui,sans-serif!important;color:#fff!important;background:#1b1b1b!important;\
    text-indent:0;letter-spacing:normal;text-align:left;text-transform:none;text-decoration:none;direction:ltr;unicode-bidi:isolate;\
    white-space:normal;word-break:break-all}";

/// A body on its way out.
pub struct Body {
    page: String,
    policy: &'static str,
}

/// The body, with the pictures that came with it, and with `immagini=1` also those that lie elsewhere: that is written down.
#[get("/messaggi/<id>/corpo?<immagini>")]
pub async fn show(id: MessageId, immagini: Option<&str>, agent: Agent, site: &State<Site>) -> Result<Body, Failure> {
    let (ticket, message, _) = agent.message(site, &id).await?;
    let facts = message.mail.filter(|mail| mail.has_body).ok_or(Failure::NotFound)?;
    let how = if immagini == Some("1") { How::WithRemote } else { How::WithInline };
    if how == How::WithRemote && facts.remote > 0 {
        body::note_remote(&site.app, &agent.actor(), &ticket.number, &id).await?;
    }
    let shown = body::show(&site.app, &id, how).await.map_err(|fault| Failure::Broken(format!("{fault:#}")))?;
    // What cannot be shown as it was written is there as its words.
    let within = match shown {
        Some((body, _)) => body.html,
        None => format!("<pre>{}</pre>", tera::escape_html(&message.body)),
    };
    let language = agent.person.language;
    let title = tera::escape_html(&site.templates.text(language, "mail-body-title", &[]));
    let page = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body>{within}</body></html>",
        language.as_str()
    );
    Ok(Body { page, policy: if how == How::WithRemote { POLICY_WITH_REMOTE } else { POLICY } })
}

impl<'r> Responder<'r, 'static> for Body {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Response::build_from(self.page.respond_to(request)?)
            .header(ContentType::HTML)
            .header(Header::new("Content-Security-Policy", self.policy))
            .ok()
    }
}
