//! In charge of whom a mail is believed to come from, and what that gives: a part in a request, a place in an entity, or nothing.

use serde_json::{Value, json};
use sportello::model::person::Role;

use super::story::{Desk, desk};
use crate::support::client::Api;
use crate::support::mail::MailServer;

impl Desk<'_> {
    /// Why the mail of this subject is held.
    pub(super) async fn reason(&self, subject: &str) -> Option<String> {
        let held = self.held().await;
        let found = held.iter().find(|one| one["subject"] == subject);
        found.map(|one| one["reason"].as_str().unwrap().to_string())
    }

    pub(super) async fn accept(&self, subject: &str) {
        let held = self.held().await;
        let one = held.iter().find(|one| one["subject"] == subject).unwrap_or_else(|| panic!("{subject}: {held:?}"));
        self.anna.post(&format!("/intake/held/{}/accept", one["id"].as_str().unwrap()), json!({})).await.expect(200);
    }

    async fn about(&self, subject: &str) -> Vec<Value> {
        self.tickets().await.into_iter().filter(|one| one["subject"] == subject).collect()
    }

    async fn first_entity(&self) -> String {
        let organizations = self.api.get("/organizations").await.expect(200).json();
        organizations["items"][0]["id"].as_str().unwrap().to_string()
    }
}

#[tokio::test]
async fn a_mail_is_believed_where_our_server_vouches_for_its_one_author() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let domain = sara.address.split_once('@').unwrap().1;
    let cases = [
        ("nulla", String::new(), true),
        ("solo-spf-no", format!("spf=fail smtp.mailfrom={domain}"), false),
        // Somebody else's signature says nothing of her.
        ("firma-altrui", format!("spf=fail smtp.mailfrom={domain}; dkim=pass header.d=altrove.example"), false),
        ("firma-sua", format!("spf=fail smtp.mailfrom=inoltro.example; dkim=pass header.d={domain}"), true),
        ("dmarc", format!("spf=fail smtp.mailfrom=inoltro.example; dmarc=pass header.from={domain}"), true),
    ];
    for (subject, said, _) in &cases {
        let results = match said.as_str() {
            "" => String::new(),
            said => format!("Authentication-Results: 127.0.0.1; {said}\r\n"),
        };
        let headers = format!("Subject: {subject}\r\nMessage-ID: <{subject}@sara.example>\r\n{results}");
        desk.write(&sara.address, &headers, "T").await;
    }
    // Two authors: our server has looked at one of them.
    let two = format!("<{}>, <altri@altrove.example>", sara.address);
    desk.write(&two, "Subject: in-due\r\nMessage-ID: <d@x.example>\r\n", "T").await;
    let twice = format!("<{}>\r\nFrom: <altri@altrove.example>", sara.address);
    desk.write(&twice, "Subject: due-volte\r\nMessage-ID: <v@x.example>\r\n", "T").await;
    // To this one no answer could be sent.
    desk.write("<rossi..@comune.example>", "Subject: storto\r\nMessage-ID: <s@x.example>\r\n", "T").await;
    desk.settled(cases.len() as i64 + 3).await;
    for (subject, _, is_in) in &cases {
        assert_eq!(
            (desk.about(subject).await.len() == 1, desk.reason(subject).await.is_none()),
            (*is_in, *is_in),
            "{subject}"
        );
    }
    for (subject, why) in [("in-due", "suspicious"), ("due-volte", "suspicious"), ("storto", "no_sender")] {
        assert_eq!(desk.reason(subject).await.as_deref(), Some(why), "{subject}");
    }
    let crooked = desk.held().await.iter().find(|one| one["subject"] == "storto").unwrap()["id"].clone();
    desk.anna.post(&format!("/intake/held/{}/accept", crooked.as_str().unwrap()), json!({})).await.expect(409);
    desk.app.end().await;
}

#[tokio::test]
async fn an_account_that_nobody_vouches_for_or_that_is_no_longer_in_force_gives_a_mail_nothing() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let entity = desk.first_entity().await;
    let mut c = desk.app.app.db.read().await.unwrap();
    let comune = sportello::store::organizations::find(&mut c, &entity.as_str().into()).await.unwrap().unwrap();
    drop(c);
    // An entity's administrator says that a stranger's address is a colleague's.
    let admin = desk.app.person(Role::OrgAdmin, "furba", Some(&comune)).await;
    let claimed =
        json!({"email": "ufficio@altrui.example", "name": "Ufficio", "role": "org_user", "organization_id": entity});
    desk.app.api(&admin).await.post("/users", claimed).await.expect(201);
    desk.write("Ufficio <ufficio@altrui.example>", "Subject: Riservata\r\nMessage-ID: <1@a.example>\r\n", "T").await;
    desk.settled(1).await;
    assert_eq!(desk.reason("Riservata").await.as_deref(), Some("unknown_sender"));
    desk.accept("Riservata").await;
    let made = desk.about("Riservata").await.remove(0);
    assert_eq!(made["organization_id"], Value::Null, "it is nobody's of theirs");
    let hers = desk.app.api(&admin).await.get("/tickets").await.expect(200).json();
    assert_eq!(hers["items"].as_array().unwrap().len(), 0, "{hers}");
    // Of an entity that has left, nobody asks any more.
    let (sara, _) = desk.clerk(server).await;
    desk.api.patch(&format!("/organizations/{entity}"), json!({"active": false})).await.expect(200);
    desk.write(&sara.address, "Subject: Dopo\r\nMessage-ID: <2@a.example>\r\n", "T").await;
    desk.settled(2).await;
    assert_eq!(desk.reason("Dopo").await.as_deref(), Some("unknown_sender"));
    desk.app.end().await;
}

#[tokio::test]
async fn a_colleague_speaks_where_an_id_leads_and_what_is_over_is_not_gone_on_with() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let colleague = json!({"email": "ugo@collega.example", "name": "Ugo", "role": "org_user",
                           "organization_id": desk.first_entity().await});
    desk.api.post("/users", colleague).await.expect(201);
    desk.write(&sara.address, "Subject: Prima\r\nMessage-ID: <1@s.example>\r\n", "T").await;
    desk.settled(1).await;
    let first = desk.about("Prima").await[0]["number"].as_str().unwrap().to_string();
    // Passed on to him; a stranger with the same id has no part, nor has his guess of a number.
    let reply = "Subject: Re: Prima\r\nIn-Reply-To: <1@s.example>\r\n";
    desk.write("Ugo <ugo@collega.example>", &format!("{reply}Message-ID: <2@u.example>\r\n"), "Ci sono").await;
    desk.write("<altri@altrove.example>", &format!("{reply}Message-ID: <3@x.example>\r\n"), "Anch'io").await;
    let guess = format!("Subject: [{first}] Ciao\r\nMessage-ID: <4@u.example>\r\n");
    desk.write("Ugo <ugo@collega.example>", &guess, "Indovino").await;
    desk.settled(4).await;
    let said: Vec<_> = desk.history(&first).await.iter().map(|one| one["body_text"].clone()).collect();
    assert_eq!(said, ["T", "Ci sono"]);
    assert_eq!(desk.reason("Re: Prima").await.as_deref(), Some("stranger"));
    assert_eq!(desk.about(&format!("[{first}] Ciao")).await.len(), 1, "what he asks by himself is his own request");
    let page = desk.app.browser(&desk.operator).await.get(&format!("/operatore/{first}")).await.expect(200).words();
    assert!(page.contains("ugo@collega.example è dello stesso ente"), "{page}");
    // Merged into one that is cancelled: what she answers is a new thing to say, and so is what is let in.
    desk.write(&sara.address, "Subject: Seconda\r\nMessage-ID: <5@s.example>\r\n", "T").await;
    desk.settled(5).await;
    let second = desk.about("Seconda").await[0]["number"].as_str().unwrap().to_string();
    desk.anna.post(&format!("/tickets/{first}/merge"), json!({"into": second})).await.expect(200);
    desk.anna.post(&format!("/tickets/{second}/cancel"), json!({"reason": "Doppia"})).await.expect(200);
    let late = "Subject: Re: tardi\r\nIn-Reply-To: <1@s.example>\r\nMessage-ID: <6@s.example>\r\n";
    desk.write(&sara.address, late, "E adesso?").await;
    desk.settled(6).await;
    assert_eq!(desk.about("Re: tardi").await.len() + desk.about("tardi").await.len(), 1, "{:?}", desk.tickets().await);
    desk.accept("Re: Prima").await;
    let made = desk.tickets().await.into_iter().find(|one| one["requester"]["email"] == "altri@altrove.example");
    assert_eq!(made.expect("a request of its own")["state"], "new");
    desk.app.end().await;
}

#[tokio::test]
async fn no_mail_holds_up_those_behind_it_whatever_its_ids() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    // Letters that no index can make shorter.
    let long: String = (0..400).map(|at| char::from_u32(0x1F300 + (at * 7919) % 0x300).unwrap_or('x')).collect();
    let long = format!("Subject: Lungo\r\nMessage-ID: <{long}@x.example>\r\nReferences: <{long}>\r\n");
    desk.write(&sara.address, &long, "T").await;
    desk.write(&sara.address, "Subject: Dietro\r\nMessage-ID: <2@s.example>\r\n", "T").await;
    desk.settled(2).await;
    assert_eq!((desk.about("Lungo").await.len(), desk.about("Dietro").await.len()), (1, 1));
    desk.app.end().await;
}

#[tokio::test]
async fn who_looks_after_an_address_goes_on_seeing_what_came_by_it_until_it_is_passed_on() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let entity = desk.first_entity().await;
    desk.api.patch(&format!("/organizations/{entity}"), json!({"email_domains": ["comune.example"]})).await.expect(200);
    let pki = desk.app.person(Role::Operator, "piero", None).await;
    let limits = json!({"restricted_to_groups": true, "areas": ["pki"]});
    desk.api.patch(&format!("/users/{}", pki.id), limits).await.expect(200);
    let second = server.account("pki").await;
    let body = json!({
        "address": second.address, "username": second.address, "password": second.password, "area": "pki",
        "imap": {"host": "127.0.0.1", "port": server.imaps, "security": "tls"},
    });
    desk.api.post("/intake/mailboxes", body).await.expect(201);
    let hers = desk.app.api(&pki).await;
    let let_in = async |api: &Api| {
        let held = api.get("/intake/held").await.expect(200).json()["items"].as_array().unwrap().clone();
        assert_eq!(held.len(), 1, "{held:?}");
        api.post(&format!("/intake/held/{}/accept", held[0]["id"].as_str().unwrap()), json!({})).await.expect(200);
    };
    let mail = |subject: &str| {
        format!(
            "From: Nuova <nuova@comune.example>\r\nTo: <x@y.example>\r\nSubject: {subject}\r\nMessage-ID: <{subject}@n>\r\n\r\nT\r\n"
        )
    };
    // The entity is helped for PEC alone: the request is of that area, and in the queue of the address too.
    second.deliver_raw(mail("Firma").as_bytes()).await;
    desk.settled(1).await;
    let_in(&hers).await;
    let made = desk.about("Firma").await.remove(0);
    assert_eq!((&made["area"], &made["queues"][0]["area"]), (&json!("pec"), &json!("pki")));
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    hers.get(&path).await.expect(200);
    let group = desk.api.post("/groups", json!({"name": "Riservati"})).await.expect(201).json();
    desk.anna.patch(&path, json!({"group_id": group["id"]})).await.expect(200);
    hers.get(&path).await.expect(404);
    // Held at both addresses, let in at one and cancelled there: what is let in at the other is not lost in it.
    desk.write("Altro <altro@altrove.example>", "Subject: Doppia\r\nMessage-ID: <doppia@n>\r\n", "T").await;
    desk.settled(2).await;
    let_in(&desk.anna).await;
    let first = desk.about("Doppia").await.remove(0);
    let cancel = format!("/tickets/{}/cancel", first["number"].as_str().unwrap());
    desk.anna.post(&cancel, json!({"reason": "Non per noi"})).await.expect(200);
    let copy = "From: Altro <altro@altrove.example>\r\nDate: Mon, 15 Jun 2026 09:00:00 +0200\r\nSubject: Doppia\r\nMessage-ID: <doppia@n>\r\n\r\nT\r\n";
    second.deliver_raw(copy.as_bytes()).await;
    desk.settled(3).await;
    let_in(&hers).await;
    assert_eq!(desk.about("Doppia").await.len(), 2);
    desk.app.end().await;
}
