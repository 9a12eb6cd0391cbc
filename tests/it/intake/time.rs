//! In charge of what time and number do to the desk's mail: a month without a decision, people who become known, answers that
//! answer each other, rounds that tell what came.

use std::time::Duration;

use serde_json::{Value, json};

use super::story::{Desk, desk, desk_with};
use crate::desk::clocks::rounds;
use crate::support::mail::MailServer;
use crate::support::until;

/// The one mail of this subject that is held.
async fn held(desk: &Desk<'_>, subject: &str) -> Value {
    let held = desk.held().await;
    held.into_iter().find(|one| one["subject"] == subject).unwrap_or_else(|| panic!("{subject} is held"))
}

#[tokio::test]
async fn what_nobody_decides_is_let_go_after_a_month_and_what_became_something_stays() {
    let server = MailServer::get();
    let desk = desk_with(server, |settings| settings.intake_max_size = rocket::data::ByteUnit::Kilobyte(100)).await;
    let (sara, _) = desk.clerk(server).await;
    let file = |name: &str| {
        format!(
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nT\r\n\
             --b\r\nContent-Type: application/pdf; name={name}\r\nContent-Disposition: attachment; filename={name}\r\n\r\n\
             Contenuto di {name}\r\n--b--\r\n"
        )
    };
    let raw = async |from: &str, subject: &str| {
        let mail = format!("From: <{from}>\r\nTo: <x@y.example>\r\nSubject: {subject}\r\n{}", file(subject));
        desk.address.deliver_raw(mail.as_bytes()).await;
    };
    raw(&sara.address, "preso.pdf").await;
    raw("ignoto@altrove.example", "lasciato.pdf").await;
    raw("altro@altrove.example", "scartato.pdf").await;
    // Of this one no bytes ever come.
    desk.write(
        "altro@altrove.example",
        "Subject: Pesante\r\nMessage-ID: <p@x.example>\r\n",
        &"riga\r\n".repeat(30_000),
    )
    .await;
    desk.settled(4).await;
    let id = held(&desk, "scartato.pdf").await["id"].as_str().unwrap().to_string();
    let heavy =
        desk.anna.get("/intake/unprocessed").await.expect(200).json()["items"][0]["id"].as_str().unwrap().to_string();
    let browser = desk.app.browser(&desk.operator).await;
    for id in [id, heavy] {
        browser.post("/operatore/posta", &format!("/operatore/posta/{id}/scarta"), &[]).await.expect(303);
    }
    // Files lie there as bytes only; they are older than an hour from here on.
    let files = || {
        let folders = std::fs::read_dir(desk.app.app.settings.data_dir.join("files")).unwrap().flatten();
        let all = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
        all.map(|file| file.path()).collect::<Vec<_>>()
    };
    assert_eq!(files().len(), 6, "three mails and three files");
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(40 * 24 * 3600);
    for file in files() {
        std::fs::File::options().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
    }
    assert_eq!(rounds(&desk.app, "retention").await, 0, "not yet");
    desk.app.advance(Duration::from_secs(29 * 24 * 3600));
    assert_eq!((rounds(&desk.app, "retention").await, desk.held().await.len()), (0, 1));
    desk.app.advance(Duration::from_secs(2 * 24 * 3600));
    // A round of the clock that began before the days went by may be the one that is asked for: then another is.
    let mut all = 0;
    until("one is let go, the bytes of two go, and what had none", async || {
        all += rounds(&desk.app, "retention").await;
        (all >= 4).then_some(())
    })
    .await;
    assert_eq!(all, 4);
    assert_eq!(desk.held().await.len(), 0);
    assert_eq!(files().len(), 2, "the mail that became a request, and its file");
    let number = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    let entry = desk.history(&number).await[0]["id"].as_str().unwrap().to_string();
    desk.anna.get(&format!("/tickets/{number}/messages/{entry}/raw")).await.expect(200);
    let trace = desk.api.get("/audit?action=mail.expired").await.expect(200).json();
    assert_eq!(trace["items"][0]["subject"], "ignoto@altrove.example");
    desk.app.end().await;
}

#[tokio::test]
async fn who_was_let_in_for_an_entity_is_known_there_from_then_on() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let organizations = desk.api.get("/organizations").await.expect(200).json();
    let entity = organizations["items"][0]["id"].as_str().unwrap().to_string();
    desk.api.patch(&format!("/organizations/{entity}"), json!({"email_domains": ["comune.example"]})).await.expect(200);
    desk.write("Nuova Collega <nuova@comune.example>", "Subject: Prima\r\nMessage-ID: <1@n>\r\n", "T").await;
    desk.settled(1).await;
    let first = held(&desk, "Prima").await;
    assert_eq!(first["reason"], "new_colleague");
    let page = desk.app.browser(&desk.operator).await.get("/operatore/posta").await.expect(200).words();
    assert!(page.contains("Accettata, la richiesta è di"), "{page}");
    desk.anna.post(&format!("/intake/held/{}/accept", first["id"].as_str().unwrap()), json!({})).await.expect(200);
    desk.write("Nuova Collega <nuova@comune.example>", "Subject: Seconda\r\nMessage-ID: <2@n>\r\n", "T").await;
    desk.settled(2).await;
    let tickets = desk.tickets().await;
    assert_eq!(tickets.len(), 2, "{tickets:?}");
    for one in &tickets {
        assert_eq!(one["organization_id"], entity.as_str(), "{one}");
        assert_eq!(one["requester"]["email"], "nuova@comune.example");
    }
    // Another one of that domain is not.
    desk.write("Altro <altro@comune.example>", "Subject: Terza\r\nMessage-ID: <3@n>\r\n", "T").await;
    desk.settled(3).await;
    assert_eq!(held(&desk, "Terza").await["reason"], "new_colleague");
    // What has come is told by the round of the intake.
    assert_eq!(rounds(&desk.app, "take-in-mail").await, 3);
    desk.app.end().await;
}

#[tokio::test]
async fn two_machines_that_answer_each_other_through_us_come_to_an_end() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let other = server.account("collega").await;
    let body = json!({"email": other.address, "name": "Ugo", "role": "org_user",
                      "organization_id": desk.api.get("/organizations").await.expect(200).json()["items"][0]["id"]});
    desk.api.post("/users", body).await.expect(201);
    let first = format!("Cc: <{}>\r\nSubject: Fuori sede\r\nMessage-ID: <0@sara.example>\r\n", other.address);
    desk.write(&sara.address, &first, "Sono in ferie").await;
    desk.settled(1).await;
    let number = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    // Each answers whatever comes, without a word that it is a machine.
    for turn in 1..=12 {
        let from = if turn % 2 == 0 { &sara.address } else { &other.address };
        let headers = format!("Subject: Re: [{number}] Fuori sede\r\nMessage-ID: <{turn}@x.example>\r\n");
        desk.write(from, &headers, &format!("Sono in ferie anche io, {turn}")).await;
        desk.settled(turn + 1).await;
    }
    let history = desk.history(&number).await;
    assert_eq!(history.len(), 13, "what comes is never refused");
    let sent =
        |to: &str| format!("SELECT COUNT(*) FROM outbox WHERE recipient = '{to}' AND ticket_number = '{number}'");
    let told =
        desk.app.database.number(&sent(&sara.address)).await + desk.app.database.number(&sent(&other.address)).await;
    assert!((2..=6).contains(&told), "an acknowledgement and at most five: {told}");
    let page = desk.app.browser(&desk.operator).await.get(&format!("/operatore/{number}")).await.expect(200).words();
    assert!(page.contains("Molte email in un’ora"), "{page}");
    // An hour later people are told again.
    desk.app.advance(Duration::from_secs(2 * 3600));
    desk.write(&other.address, &format!("Subject: Re: [{number}] x\r\nMessage-ID: <99@x.example>\r\n"), "Eccomi").await;
    desk.settled(14).await;
    let now =
        desk.app.database.number(&sent(&sara.address)).await + desk.app.database.number(&sent(&other.address)).await;
    assert_eq!(now, told + 1);
    desk.app.end().await;
}
