//! In charge of what gives a mail its place beside the ids that it cites: the address of its own to which answers to a request go.

use mail_parser::{Message, MessageParser};
use serde_json::{Value, json};

use super::story::{Desk, desk_with};
use crate::support::mail::MailServer;
use crate::support::smtp::Moody;
use crate::support::until;

const ADDRESS: &str = "assistenza@regione.example";

impl Desk<'_> {
    /// The desk's one address, at the API.
    async fn path(&self) -> String {
        let all = self.api.get("/intake/mailboxes").await.expect(200).json();
        format!("/intake/mailboxes/{}", all["items"][0]["id"].as_str().unwrap())
    }

    /// Somebody of the entity, of this address.
    async fn person(&self, email: &str, name: &str) {
        let organizations = self.api.get("/organizations").await.expect(200).json();
        let body = json!({"email": email, "name": name, "role": "org_user", "organization_id": organizations["items"][0]["id"]});
        self.api.post("/users", body).await.expect(201);
    }

    /// A mail as it comes: to whom, and further headers.
    async fn comes(&self, from: &str, to: &str, headers: &str) {
        let mail = format!(
            "From: <{from}>\r\nTo: {to}\r\n{headers}MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nTesto di {headers}\r\n"
        );
        self.address.deliver_raw(mail.as_bytes()).await;
    }
}

/// The mails about a request that have left to somebody.
async fn sent(moody: &Moody, to: &str, count: usize) -> Vec<Message<'static>> {
    until("the mails leave", async || {
        let parse = |raw: &String| MessageParser::default().parse(raw.as_bytes()).unwrap().into_owned();
        let mails = moody.taken();
        let is_to = |mail: &Message<'_>| mail.to().and_then(|to| to.first()).and_then(|one| one.address()) == Some(to);
        let about = |mail: &Message<'_>| mail.subject().unwrap_or_default().starts_with("[TK-");
        let mails: Vec<_> = mails.iter().map(parse).filter(|mail| is_to(mail) && about(mail)).collect();
        (mails.len() >= count).then_some(mails)
    })
    .await
}

fn reply_to(mail: &Message<'_>) -> String {
    mail.reply_to().and_then(|to| to.first()).and_then(|one| one.address()).unwrap_or_default().to_string()
}

#[tokio::test]
async fn an_answer_to_the_address_of_a_request_finds_it_without_any_id() {
    let server = MailServer::get();
    let moody = Moody::start().await;
    let url = moody.url();
    let desk = desk_with(server, |settings| settings.smtp_url = Some(url)).await;
    let path = desk.path().await;
    assert_eq!(desk.api.get(&path).await.expect(200).json()["plus_addresses"], false, "off until somebody says so");
    // Certified mail knows no such address, and this one leaves no room for it.
    assert_eq!(desk.api.patch(&path, json!({"plus_addresses": true})).await.wrong_fields(), ["plus_addresses"]);
    let long = json!({"plus_addresses": true, "address": "assistenza.alle.caselle@regione.example"});
    assert_eq!(desk.api.patch(&path, long).await.wrong_fields(), ["plus_addresses"]);
    desk.api.patch(&path, json!({"address": ADDRESS})).await.expect(200);
    let (sara, lia, pec) = ("sara@comune.example", "lia@comune.example", "sara@pec.comune.example");
    for (email, name) in [(sara, "Sara"), (lia, "Lia"), (pec, "Protocollo")] {
        desk.person(email, name).await;
    }
    desk.comes(sara, ADDRESS, "Subject: Prima\r\nMessage-ID: <1@x>\r\n").await;
    desk.settled(1).await;
    assert_eq!(reply_to(&sent(&moody, sara, 1).await[0]), ADDRESS);
    desk.api.patch(&path, json!({"plus_addresses": true})).await.expect(200);
    desk.comes(sara, ADDRESS, "Subject: Seconda\r\nMessage-ID: <2@x>\r\n").await;
    desk.comes(pec, ADDRESS, "Subject: Terza\r\nMessage-ID: <3@x>\r\n").await;
    desk.settled(3).await;
    let about = async |subject: &str| {
        let tickets = desk.tickets().await;
        let one = tickets.iter().find(|one| one["subject"] == subject).unwrap_or_else(|| panic!("{subject}"));
        one["number"].as_str().unwrap().to_string()
    };
    let number = about("Seconda").await;
    assert_eq!(reply_to(&sent(&moody, pec, 1).await[0]), ADDRESS, "never to certified mail");
    let own = reply_to(&sent(&moody, sara, 2).await[1]);
    let (local, domain) = own.split_once('@').unwrap();
    assert!(own.starts_with(&format!("assistenza+{}.", number.to_lowercase())), "{own}");
    assert!(domain == "regione.example" && local.len() <= 64 && own == own.to_lowercase(), "{own}");

    // What is written there joins, whatever its subject and wherever it names the address; some servers change its letters.
    desk.comes(sara, &own, "Subject: Tutt’altro\r\nMessage-ID: <4@x>\r\n").await;
    desk.comes(
        sara,
        "<elenco@comune.example>",
        &format!("Cc: {}\r\nSubject: Copia\r\nMessage-ID: <5@x>\r\n", own.to_uppercase()),
    )
    .await;
    desk.comes(sara, ADDRESS, &format!("Delivered-To: {own}\r\nSubject: Consegna\r\nMessage-ID: <6@x>\r\n")).await;
    desk.comes(sara, ADDRESS, &format!("X-Original-To: <{own}>\r\nSubject: Girata\r\nMessage-ID: <7@x>\r\n")).await;
    desk.settled(7).await;
    assert_eq!((desk.tickets().await.len(), desk.history(&number).await.len()), (3, 5), "{:?}", desk.tickets().await);
    let ticket = desk.anna.get(&format!("/tickets/{number}")).await.expect(200).json();
    assert_eq!(ticket["cc"], json!([]), "our own address follows nothing");

    // It is a place and nobody: a stranger is held, as with ids. Another number, or another end, is nothing.
    desk.comes("ignoto@altrove.example", &own, "Subject: Estraneo\r\nMessage-ID: <8@x>\r\n").await;
    let other = own.replace(&number.to_lowercase(), &about("Prima").await.to_lowercase());
    let last = if own.contains("0@") { "1@" } else { "0@" };
    let forged = format!("{}{last}{domain}", &local[..local.len() - 1]);
    desk.comes(sara, &other, "Subject: Numero altrui\r\nMessage-ID: <9@x>\r\n").await;
    desk.comes(sara, &forged, "Subject: Firma falsa\r\nMessage-ID: <10@x>\r\n").await;
    let elsewhere = own.replace("regione.example", "altrove.example");
    desk.comes(sara, &elsewhere, "Subject: Altro dominio\r\nMessage-ID: <11@x>\r\n").await;
    desk.settled(11).await;
    let held: Vec<Value> = desk.held().await.iter().map(|one| json!([one["subject"], one["reason"]])).collect();
    assert_eq!(held, [json!(["Estraneo", "stranger"])], "{held:?}");
    for subject in ["Numero altrui", "Firma falsa", "Altro dominio"] {
        about(subject).await;
    }
    // An id comes first: it says more of which mail is answered.
    let ack = sent(&moody, sara, 1).await.remove(0);
    let cites = format!("Subject: Cita\r\nMessage-ID: <12@x>\r\nIn-Reply-To: <{}>\r\n", ack.message_id().unwrap());
    desk.comes(sara, &own, &cites).await;
    desk.settled(12).await;
    assert_eq!(desk.history(&about("Prima").await).await.len(), 2);
    // What comes from such an address comes from us: no machine of ours is answered.
    desk.comes(&own, ADDRESS, "Subject: Giro\r\nMessage-ID: <13@x>\r\n").await;
    desk.settled(13).await;
    assert!(desk.held().await.iter().any(|one| one["subject"] == "Giro" && one["reason"] == "automatic"));
    desk.app.end().await;
}

#[tokio::test]
async fn who_answers_for_the_desk_says_on_the_page_that_an_address_takes_a_plus() {
    let server = MailServer::get();
    let moody = Moody::start().await;
    let url = moody.url();
    let desk = desk_with(server, |settings| settings.smtp_url = Some(url)).await;
    let path = desk.path().await;
    let page = format!("/impostazioni/posta/{}", path.rsplit('/').next().unwrap());
    let browser = desk.app.browser(&desk.administrator).await;
    let form = |address: &str| {
        let port = server.imaps.to_string();
        [
            ("address", address.to_string()),
            ("username", desk.address.address.clone()),
            ("imap_host", "127.0.0.1".into()),
            ("imap_port", port),
            ("imap_security", "tls".into()),
            ("area", "pec".into()),
            ("default_severity", "high".into()),
            ("plus_addresses", "on".into()),
            ("enabled", "on".into()),
        ]
    };
    let refused = form("assistenza@pec.regione.example");
    let fields: Vec<(&str, &str)> = refused.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let said = browser.post(&page, &page, &fields).await.expect(422);
    assert!(said.words().contains("Le caselle PEC non accettano indirizzi con il più"), "{}", said.words());
    assert!(said.text.contains("id=\"plus_addresses\" name=\"plus_addresses\" value=\"on\" checked"), "{}", said.text);
    assert!(said.text.contains("plus_addresses-errore1"), "{}", said.text);
    let good = form(ADDRESS);
    let fields: Vec<(&str, &str)> = good.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&page, &page, &fields).await.expect(303);
    assert_eq!(desk.api.get(&path).await.expect(200).json()["plus_addresses"], true);
    let trace = desk.api.get("/audit?action=intake-mailbox.changed").await.expect(200).json();
    assert!(trace["items"][0]["detail"].as_str().unwrap().ends_with("with a plus"), "{trace}");
    desk.app.end().await;
}
