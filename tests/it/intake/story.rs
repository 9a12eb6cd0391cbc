//! In charge of the story of a mail: it comes, a request is born, the answer goes out, the reply finds it again, a bounce is told.
//! With real mailboxes on a real server.

use mail_parser::{Message, MessageParser};
use serde_json::{Value, json};
use sportello::config::Settings;
use sportello::model::person::Person;

use crate::support::app::{Setup, TestApp};
use crate::support::builders::mailbox;
use crate::support::client::Api;
use crate::support::mail::{Account, MailServer};
use crate::support::until;

/// The desk: an address that takes mail in, and the program that sends as another.
pub(super) struct Desk<'s> {
    pub(super) app: TestApp,
    pub(super) address: Account<'s>,
    pub(super) api: Api,
    pub(super) anna: Api,
    pub(super) operator: Person,
    pub(super) administrator: Person,
    /// Of another entity.
    pub(super) stranger: Person,
}

pub(super) async fn desk(server: &MailServer) -> Desk<'_> {
    desk_with(server, |_| {}).await
}

pub(super) async fn desk_with(server: &MailServer, change: impl FnOnce(&mut Settings)) -> Desk<'_> {
    let sender = server.account("mittente").await;
    let address = server.account("assistenza").await;
    let url = format!("smtp://{}:{}@127.0.0.1:{}", sender.address.replace('@', "%40"), sender.password, server.smtp);
    let app = Setup::new()
        .await
        .mail(server)
        .settings(|settings| settings.smtp_url = Some(url))
        .settings(change)
        .jobs()
        .start()
        .await;
    let cast = app.cast().await;
    let api = app.api(&cast.dario).await;
    let anna = app.api(&cast.anna).await;
    let body = json!({
        "address": address.address, "username": address.address, "password": address.password, "area": "pec",
        "imap": {"host": "127.0.0.1", "port": server.imaps, "security": "tls"}, "default_severity": "high",
    });
    let made = api.post("/intake/mailboxes", body).await.expect(201).json();
    assert_eq!((made["status"].as_str(), made.get("password")), (Some("ok"), None));
    Desk { app, address, api, anna, operator: cast.anna, administrator: cast.dario, stranger: cast.elena }
}

impl Desk<'_> {
    /// Somebody of the entity with a real mailbox of its own.
    pub(super) async fn clerk<'s>(&self, server: &'s MailServer) -> (Account<'s>, Person) {
        let account = server.account("impiegata").await;
        let organizations = self.api.get("/organizations").await.expect(200).json();
        let body = json!({"email": account.address, "name": "Sara Bini", "role": "org_user",
                          "organization_id": organizations["items"][0]["id"]});
        self.api.post("/users", body).await.expect(201);
        let mut c = self.app.app.db.read().await.unwrap();
        let person = sportello::store::people::find_by_email(&mut c, &account.address).await.unwrap().unwrap();
        (account, person)
    }

    pub(super) async fn write(&self, from: &str, headers: &str, text: &str) {
        let mail = format!(
            "From: {from}\r\nTo: <{}>\r\nDate: Mon, 15 Jun 2026 09:00:00 +0200\r\n{headers}MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
            self.address.address
        );
        self.address.deliver_raw(mail.as_bytes()).await;
    }

    pub(super) async fn tickets(&self) -> Vec<Value> {
        self.anna.get("/tickets").await.expect(200).json()["items"].as_array().unwrap().clone()
    }

    pub(super) async fn history(&self, number: &str) -> Vec<Value> {
        let page = self.anna.get(&format!("/tickets/{number}/messages")).await.expect(200).json();
        page["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "public").cloned().collect()
    }

    pub(super) async fn held(&self) -> Vec<Value> {
        self.anna.get("/intake/held").await.expect(200).json()["items"].as_array().unwrap().clone()
    }

    /// Until all that has come was taken up.
    pub(super) async fn settled(&self, mails: i64) {
        until("all mail is taken up", async || {
            let done = "SELECT COUNT(*) FROM intake_mails WHERE state <> 'received'";
            (self.app.database.number(done).await == mails).then_some(())
        })
        .await;
    }
}

/// The mails about requests in a mailbox: the invitation is not counted.
pub(super) async fn about_requests(account: &Account<'_>, count: usize) -> Vec<Message<'static>> {
    until("the mails arrive", async || {
        let parse = |raw: Vec<u8>| MessageParser::default().parse(&raw).unwrap().into_owned();
        let mails = account.mails().into_iter().map(parse);
        let mails: Vec<_> = mails.filter(|mail| mail.subject().unwrap_or_default().starts_with("[TK-")).collect();
        (mails.len() >= count).then_some(mails)
    })
    .await
}

#[tokio::test]
async fn a_mail_becomes_a_request_and_every_answer_finds_it_again() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let from = format!("Sara Bini <{}>", sara.address);
    desk.write(&from, "Subject: Casella bloccata\r\nMessage-ID: <uno@sara.example>\r\n", "Non entro più.\n\nGrazie")
        .await;
    desk.settled(1).await;
    let ticket = desk.tickets().await.pop().expect("a request is born");
    let number = ticket["number"].as_str().unwrap().to_string();
    assert_eq!(
        (&ticket["subject"], &ticket["channel"], &ticket["severity"], &ticket["requester"]["email"]),
        (&json!("Casella bloccata"), &json!("email"), &json!("high"), &json!(sara.address))
    );
    assert_ne!(ticket["organization_id"], Value::Null);
    assert_eq!(desk.history(&number).await[0]["body_text"], "Non entro più.\n\nGrazie");

    // The acknowledgement has the number, nothing of what was written, and says where answers go.
    let ack = about_requests(&sara, 1).await.remove(0);
    assert_eq!(ack.subject().unwrap(), format!("[{number}] Abbiamo ricevuto la tua richiesta"));
    assert_eq!(ack.header_raw("Auto-Submitted").unwrap().trim(), "auto-replied");
    assert!(ack.header_raw("Reply-To").unwrap().contains(&desk.address.address));
    assert!(!ack.body_text(0).unwrap().contains("Non entro"));

    // The operator's answer arrives; a reply to it, and one to her own mail, join the request.
    let said = json!({"kind": "public", "body_text": "Provi ora."});
    let answer = desk.anna.post(&format!("/tickets/{number}/messages"), said).await.expect(201).json();
    let mails = about_requests(&sara, 2).await;
    assert!(mails[1].body_text(0).unwrap().contains("c’è una nuova risposta di anna alla richiesta"));
    assert!(mails[1].body_text(0).unwrap().contains("Provi ora."));
    // Her program shows all of it as one conversation, below what she wrote.
    for mail in [&ack, &mails[1]] {
        let raw = |name: &str| mail.header_raw(name).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(raw("In-Reply-To"), "<uno@sara.example>");
        let (references, thread) = (raw("References"), format!("<{number}.thread."));
        assert!(references.starts_with(&thread) && references.ends_with(" <uno@sara.example>"), "{references}");
    }
    let id = mails[1].message_id().unwrap().to_string();
    let quoted =
        "Ora va.\n\nIl giorno lun 15 giu 2026 alle ore 10:00 Assistenza <a@b.example> ha scritto:\n> Provi ora.";
    desk.write(
        &from,
        &format!("Subject: Re: altro\r\nMessage-ID: <due@sara.example>\r\nIn-Reply-To: <{id}>\r\n"),
        quoted,
    )
    .await;
    let again = "Subject: Re: Casella bloccata\r\nMessage-ID: <tre@sara.example>\r\nReferences: <uno@sara.example>\r\n";
    desk.write(&from, again, "E grazie!").await;
    desk.settled(3).await;
    let history = desk.history(&number).await;
    assert_eq!((desk.tickets().await.len(), history.len()), (1, 4), "{history:?}");
    assert!(history.iter().any(|one| one["body_text"] == quoted), "nothing is cut: {history:?}");
    let page = desk.app.browser(&desk.operator).await.get(&format!("/operatore/{number}")).await.expect(200);
    assert!(page.words().contains("Mostra citazione"), "{}", page.words());
    // The original is the desk's to see, and hers is not to be had.
    let of_mail = history.iter().find(|one| one["body_text"] == quoted).unwrap()["id"].as_str().unwrap().to_string();
    let raw = desk.anna.get(&format!("/tickets/{number}/messages/{of_mail}/raw")).await.expect(200).text;
    assert!(raw.contains("Message-ID: <due@sara.example>"), "{raw}");
    desk.anna.get(&format!("/tickets/{number}/messages/{}/raw", answer["id"].as_str().unwrap())).await.expect(404);

    // A bounce of the answer is told on it.
    let bounce = format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: <{}>\r\nSubject: Undelivered Mail\r\nMessage-ID: <dsn@mx.example>\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nNo such user\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\n\r\n--b--\r\n",
        desk.address.address, sara.address
    );
    desk.address.deliver_raw(bounce.as_bytes()).await;
    desk.settled(4).await;
    let told = desk.history(&number).await.into_iter().find(|one| one["id"] == answer["id"]).unwrap();
    assert_eq!(told["delivery"], "failed", "{told}");
    assert_eq!(desk.tickets().await.len(), 1);
    desk.app.end().await;
}

#[tokio::test]
async fn machines_strangers_and_the_desk_itself_open_nothing_by_themselves() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let from = format!("Sara Bini <{}>", sara.address);
    desk.write(&from, "Subject: Aiuto\r\nMessage-ID: <a@sara.example>\r\n", "Testo").await;
    desk.settled(1).await;
    let number = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    let reason = async |subject: &str| {
        let held = desk.held().await;
        held.iter().find(|one| one["subject"] == subject).map(|one| one["reason"].as_str().unwrap().to_string())
    };
    desk.write("<ignoto@altrove.example>", "Subject: Ciao\r\nMessage-ID: <b@x.example>\r\n", "T").await;
    desk.write(
        "<ignoto@altrove.example>",
        &format!("Subject: Re: [{number}] Aiuto\r\nMessage-ID: <c@x.example>\r\n"),
        "T",
    )
    .await;
    let vacation = "Subject: Fuori sede\r\nMessage-ID: <d@x.example>\r\nAuto-Submitted: auto-replied\r\n";
    desk.write("<ignoto@altrove.example>", vacation, "Torno lunedì").await;
    let own = "Subject: Fuori ufficio\r\nMessage-ID: <e@sara.example>\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <a@sara.example>\r\n";
    desk.write(&from, own, "Sono in ferie").await;
    desk.write("<anna@example.org>", "Subject: Falso\r\nMessage-ID: <f@x.example>\r\n", "Chiudete tutto").await;
    // A machine that says it is an operator, and knows a number.
    let machine = format!("Subject: [{number}] Auto\r\nMessage-ID: <j@x.example>\r\nAuto-Submitted: auto-replied\r\n");
    desk.write("<anna@example.org>", &machine, "Sono un operatore").await;
    let enveloped = format!(
        "From: \"Per conto di: sara\" <posta-certificata@altrove.example>\r\nTo: <{}>\r\nSubject: POSTA CERTIFICATA: x\r\n\
         X-Trasporto: posta-certificata\r\nAuthentication-Results: 127.0.0.1; spf=none\r\nMessage-ID: <k@x.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822; name=\"postacert.eml\"\r\n\
         Content-Disposition: attachment; filename=\"postacert.eml\"\r\n\r\nFrom: {from}\r\nSubject: In busta\r\n\r\nT\r\n--b--\r\n",
        desk.address.address
    );
    desk.address.deliver_raw(enveloped.as_bytes()).await;
    let forged = format!(
        "Subject: Re\r\nMessage-ID: <g@x.example>\r\nReferences: <{number}.0123.00112233445566778899@localhost>\r\n"
    );
    desk.write("<ignoto@altrove.example>", &forged, "T").await;
    let fails = format!(
        "Subject: Spoof\r\nMessage-ID: <h@sara.example>\r\nAuthentication-Results: 127.0.0.1; dmarc=fail header.from={}\r\n",
        sara.address.split('@').nth(1).unwrap()
    );
    desk.write(&from, &fails, "Sono Sara").await;
    desk.address.deliver("delivery", 1).await;
    desk.settled(11).await;
    assert_eq!(desk.tickets().await.len(), 1, "{:?}", desk.held().await);
    for (subject, why) in [
        ("Ciao", "unknown_sender"),
        ("Fuori sede", "automatic"),
        ("Falso", "staff"),
        ("Re", "unknown_sender"),
        ("Spoof", "suspicious"),
        ("In busta", "suspicious"),
    ] {
        assert_eq!(reason(subject).await.as_deref(), Some(why), "{subject}");
    }
    assert_eq!(reason(&format!("Re: [{number}] Aiuto")).await.as_deref(), Some("unknown_sender"), "a token is no key");
    assert_eq!(reason(&format!("[{number}] Auto")).await.as_deref(), Some("staff"));
    // Her own machine adds to the request, moves nothing and is not answered.
    let history = desk.history(&number).await;
    assert!(history.iter().any(|one| one["body_text"] == "Sono in ferie"));
    assert_eq!(desk.tickets().await[0]["state"], "new");
    assert_eq!(about_requests(&sara, 1).await.len(), 1);
    // One click lets a stranger in: a request without an entity, and its sender is told the number.
    let held = desk.held().await;
    let stranger = held.iter().find(|one| one["subject"] == "Ciao").unwrap()["id"].as_str().unwrap().to_string();
    desk.anna.post(&format!("/intake/held/{stranger}/accept"), json!({})).await.expect(200);
    desk.anna.post(&format!("/intake/held/{stranger}/accept"), json!({})).await.expect(409);
    let made = desk.tickets().await.into_iter().find(|one| one["subject"] == "Ciao").unwrap();
    assert_eq!(
        (&made["organization_id"], &made["requester"]["email"]),
        (&Value::Null, &json!("ignoto@altrove.example"))
    );
    // And what it answers by mail now has a part.
    let again = "Subject: Re: Ciao\r\nMessage-ID: <i@x.example>\r\nIn-Reply-To: <b@x.example>\r\n";
    desk.write("<ignoto@altrove.example>", again, "Ancora io").await;
    desk.settled(12).await;
    let history = desk.history(made["number"].as_str().unwrap()).await;
    assert!(history.iter().any(|one| one["body_text"] == "Ancora io"), "{history:?}");
    desk.app.end().await;
}

#[tokio::test]
async fn a_mail_is_about_the_mailbox_that_it_names_and_is_perhaps_what_somebody_has_called_for() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, person) = desk.clerk(server).await;
    let body = &person.memberships[0].organization_id;
    let suap = mailbox("suap@pec.borgo.example").with(|one| one.card.organization_id = Some(body.clone()));
    let suap = suap.insert(&desk.app).await;
    let others = mailbox("suap@pec.altrove.example").insert(&desk.app).await;
    let call = json!({"subject": "Non riceve", "body": "Ha chiamato", "area": "pec", "channel": "phone",
                      "requester": {"email": sara.address}, "mailbox_ids": [suap.id]});
    let call = desk.anna.post("/tickets", call).await.expect(201).json();
    let number = call["number"].as_str().unwrap();
    let from = format!("Sara Bini <{}>", sara.address);
    let text =
        "Da stamattina SUAP@pec.borgo.example tace, come suap@pec.altrove.example.\n\nPEC: firma@pec.borgo.example";
    desk.write(&from, "Subject: Posta ferma\r\nMessage-ID: <g@sara.example>\r\n", text).await;
    // Whoever knows a number and has no part in that request reads nothing of it, and adds nothing to it.
    let knows = format!("Subject: Re: [{number}] Non riceve\r\nMessage-ID: <h@carla.example>\r\n");
    let all = desk.api.get("/users").await.expect(200).json();
    let of = all["items"].as_array().unwrap().iter().find(|one| one["email"] == "carla@example.org").unwrap();
    let is_same = of["memberships"][0]["organization_id"] == json!(body);
    let other = if is_same { "elena@example.org" } else { "carla@example.org" };
    desk.write(&format!("<{other}>"), &knows, "Che cosa c’è scritto?").await;
    desk.settled(2).await;
    let tickets = desk.tickets().await;
    let find = |key: &str| tickets.iter().find(|one| one["requester"]["email"] == key && one["channel"] == "email");
    let mail = find(&sara.address).expect("a request of the mail");
    assert_eq!(mail["mailbox_ids"], json!([suap.id]), "never another body's: {}", others.id);
    let path = format!("/tickets/{}/duplicates", mail["number"].as_str().unwrap());
    let found = desk.anna.get(&path).await.expect(200).json();
    assert_eq!(
        (&found["items"][0]["ticket"]["number"], &found["items"][0]["why"]),
        (&json!(number), &json!(["mailbox", "requester"])),
        "{found}"
    );
    let alone = find(other).expect("a request of its own");
    assert_eq!((&alone["follows"], alone["organization_id"] == json!(body)), (&Value::Null, false));
    assert_eq!(desk.history(number).await.len(), 1);
    let path = format!("/tickets/{}/duplicates", alone["number"].as_str().unwrap());
    assert_eq!(desk.anna.get(&path).await.expect(200).json()["items"], json!([]));
    desk.app.end().await;
}
