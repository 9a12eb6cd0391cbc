//! In charge of what servers do to the desk's mail: numbers that change, messages that go away, one mail at two addresses, ids that
//! are used again, mail that is too large, addresses that take none.

use mail_parser::MessageParser;
use serde_json::{Value, json};
use sportello::model::person::Role;

use super::story::{about_requests, desk, desk_with};
use crate::support::mail::MailServer;
use crate::support::until;

#[tokio::test]
async fn new_numbers_double_nothing_and_what_went_away_is_no_loss() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    for number in 0..3 {
        let headers = format!("Subject: Mail {number}\r\nMessage-ID: <{number}@sara.example>\r\n");
        desk.write(&sara.address, &headers, &format!("Testo {number}")).await;
    }
    desk.settled(3).await;
    assert_eq!(desk.tickets().await.len(), 3);
    // The holder's program throws one away; then the server forgets how it numbered them, and one more comes.
    let mut other = desk.address.second_client().await;
    other.expunge("1").await;
    desk.address.renumber();
    desk.write(&sara.address, "Subject: Mail 3\r\nMessage-ID: <3@sara.example>\r\n", "Testo 3").await;
    desk.settled(6).await;
    let subjects: Vec<Value> = desk.tickets().await.iter().map(|one| one["subject"].clone()).collect();
    assert_eq!(subjects.len(), 4, "{subjects:?}");
    assert_eq!(desk.app.database.number("SELECT COUNT(*) FROM intake_mails WHERE reason = 'duplicate'").await, 2);
    desk.app.end().await;
}

#[tokio::test]
async fn one_mail_at_two_addresses_is_one_request_and_one_id_on_two_mails_is_two_entries() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let second = server.account("pki").await;
    // Somebody looks after the second one alone.
    let pki = desk.app.person(Role::Operator, "piero", None).await;
    desk.api
        .patch(&format!("/users/{}", pki.id), json!({"restricted_to_groups": true, "areas": ["pki"]}))
        .await
        .expect(200);
    let group = json!({"name": "Firma digitale", "member_ids": [pki.id]});
    let group = desk.api.post("/groups", group).await.expect(201).json()["id"].clone();
    let body = json!({
        "address": second.address, "username": second.address, "password": second.password, "area": "pki", "group_id": group,
        "imap": {"host": "127.0.0.1", "port": server.imaps, "security": "tls"},
    });
    desk.api.post("/intake/mailboxes", body).await.expect(201);
    let mail = format!(
        "From: Sara Bini <{}>\r\nTo: <{}>, <{}>\r\nDate: Mon, 15 Jun 2026 09:00:00 +0200\r\nSubject: A tutti e due\r\n\
         Message-ID: <due@sara.example>\r\n\r\nUna volta sola\r\n",
        sara.address, desk.address.address, second.address
    );
    desk.address.deliver_raw(mail.as_bytes()).await;
    second.deliver_raw(format!("Received: from another way\r\n{mail}").as_bytes()).await;
    desk.settled(2).await;
    let tickets = desk.tickets().await;
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    let number = tickets[0]["number"].as_str().unwrap();
    assert_eq!(desk.history(number).await.len(), 1);
    // Both addresses stand on it, and whoever looks after the second one's queue alone sees it (E05).
    let page = desk.app.browser(&desk.operator).await.get(&format!("/operatore/{number}")).await.expect(200).words();
    assert!(page.contains(&desk.address.address) && page.contains(&second.address), "{page}");
    assert!(page.contains("Anche nella coda di PKI · Firma digitale"), "{page}");
    assert_eq!(tickets[0]["queues"][0]["address"], second.address.as_str());
    let theirs = desk.app.api(&pki).await.get("/tickets").await.expect(200).json();
    assert_eq!(theirs["items"][0]["number"], number, "{theirs}");
    desk.app.api(&pki).await.get(&format!("/tickets/{number}")).await.expect(200);
    // A mail without an id is the same at both too.
    let bare = mail.replace("Message-ID: <due@sara.example>\r\n", "").replace("A tutti e due", "Senza id");
    desk.address.deliver_raw(bare.as_bytes()).await;
    second.deliver_raw(format!("Received: from another way\r\n{bare}").as_bytes()).await;
    // A stranger's is held at both: let in twice, it is one request.
    let strange = mail.replace(&sara.address, "ignoto@altrove.example").replace("due@sara", "ignoto@sara");
    let strange = strange.replace("A tutti e due", "Da fuori");
    desk.address.deliver_raw(strange.as_bytes()).await;
    second.deliver_raw(format!("Received: from another way\r\n{strange}").as_bytes()).await;
    desk.settled(6).await;
    // Each decides of what came to the queues that it looks after; what is decided is no mail that waits.
    let hers = desk.app.api(&pki).await;
    let seen = hers.get("/intake/held").await.expect(200).json()["items"].as_array().unwrap().clone();
    let held = desk.held().await;
    assert_eq!((seen.len(), held.len()), (1, 2), "{seen:?}");
    for one in &held {
        let path = format!("/intake/held/{}", one["id"].as_str().unwrap());
        let is_hers = seen[0]["id"] == one["id"];
        hers.get(&format!("{path}/raw")).await.expect(if is_hers { 200 } else { 404 });
        if !is_hers {
            hers.post(&format!("{path}/accept"), json!({})).await.expect(404);
        }
        desk.anna.post(&format!("{path}/accept"), json!({})).await.expect(200);
        desk.anna.get(&format!("{path}/raw")).await.expect(409);
    }
    let subjects: Vec<Value> = desk.tickets().await.iter().map(|one| one["subject"].clone()).collect();
    let of = |wanted: &str| subjects.iter().filter(|one| *one == wanted).count();
    assert_eq!((of("Senza id"), of("Da fuori"), subjects.len()), (1, 1, 3), "{subjects:?}");
    // The same id on other words is another mail.
    let reused = mail.replace("Una volta sola", "Altre parole").replace("A tutti e due", "Altro");
    desk.address.deliver_raw(reused.as_bytes()).await;
    desk.settled(7).await;
    let tickets = desk.tickets().await;
    assert!(tickets.iter().any(|one| one["subject"] == "Altro"), "nothing is lost: {tickets:?}");
    // A group that is gone leaves what stood in its second queue to all of that area, as it leaves its requests.
    desk.app.database.execute(&format!("DELETE FROM groups WHERE id = '{}'", group.as_str().unwrap())).await;
    hers.get(&format!("/tickets/{number}")).await.expect(200);
    let page = desk.app.browser(&desk.operator).await.get(&format!("/operatore/{number}")).await.expect(200).words();
    assert!(page.contains("Anche nella coda di PKI"), "{page}");
    desk.app.end().await;
}

#[tokio::test]
async fn what_is_too_large_stays_where_it_is_and_its_sender_is_told_once_a_day() {
    let server = MailServer::get();
    let desk = desk_with(server, |settings| settings.intake_max_size = rocket::data::ByteUnit::Kilobyte(100)).await;
    let (sara, _) = desk.clerk(server).await;
    let heavy = "riga di testo\r\n".repeat(10_000);
    let heading = |number: usize| format!("Subject: Pesante {number}\r\nMessage-ID: <{number}@sara.example>\r\n");
    desk.write(&format!("Sara Bini <{}>", sara.address), &heading(1), &heavy).await;
    desk.write(&sara.address, &heading(2), &heavy).await;
    desk.write("ignoto@altrove.example", &heading(3), &heavy).await;
    desk.write(&sara.address, "Subject: Leggera\r\nMessage-ID: <4@sara.example>\r\n", "Passa").await;
    desk.settled(4).await;
    let left = desk.anna.get("/intake/unprocessed").await.expect(200).json()["items"].as_array().unwrap().clone();
    let said: Vec<_> =
        left.iter().map(|one| (one["subject"].as_str().unwrap(), one["reason"].as_str().unwrap())).collect();
    assert_eq!(said, [("Pesante 3", "too_large"), ("Pesante 2", "too_large"), ("Pesante 1", "too_large")]);
    assert_eq!(desk.tickets().await.len(), 1, "mail behind it keeps flowing");
    about_requests(&sara, 1).await;
    let told = "SELECT COUNT(*) FROM outbox WHERE subject = 'La tua email è troppo grande'";
    assert_eq!(desk.app.database.number(told).await, 1, "once, and no stranger");
    // It is not fetched again to be as large as it was.
    let again = format!("/intake/unprocessed/{}/retry", left[2]["id"].as_str().unwrap());
    desk.anna.post(&again, json!({})).await.expect(409);
    let mails: Vec<String> = until("the answer arrives", async || {
        let mails: Vec<String> = sara.mails().iter().map(|raw| String::from_utf8_lossy(raw).into_owned()).collect();
        mails.iter().any(|mail| mail.contains("/richieste/nuova")).then_some(mails)
    })
    .await;
    let answer = mails.iter().find(|mail| mail.contains("/richieste/nuova")).unwrap();
    assert!(answer.contains("Return-Path: <>"), "nothing can answer it: {answer}");
    let read = MessageParser::default().parse(answer.as_bytes()).unwrap();
    let words = read.body_text(0).unwrap().to_string();
    assert!(words.contains("la risposta apre una richiesta") && !words.contains("arriva alla richiesta"), "{words}");
    desk.app.end().await;
}

#[tokio::test]
async fn to_an_address_that_took_no_mail_nothing_more_is_sent_until_it_writes() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, person) = desk.clerk(server).await;
    desk.write(&sara.address, "Subject: Aiuto\r\nMessage-ID: <a@sara.example>\r\n", "Testo").await;
    desk.settled(1).await;
    let number = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    let ack = about_requests(&sara, 1).await.remove(0);
    let bounce = format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: <{}>\r\nSubject: Undelivered\r\nMessage-ID: <dsn@mx.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nNo such user\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{}>\r\n\r\n--b--\r\n",
        desk.address.address,
        sara.address,
        ack.message_id().unwrap()
    );
    desk.address.deliver_raw(bounce.as_bytes()).await;
    desk.settled(2).await;
    let said = async |text: &str| {
        let said = json!({"kind": "public", "body_text": text});
        desk.anna.post(&format!("/tickets/{number}/messages"), said).await.expect(201).json()["id"].clone()
    };
    let answer = said("Non parte").await;
    let entry = desk.history(&number).await.into_iter().find(|one| one["id"] == answer).unwrap();
    assert_eq!(entry["delivery"], "failed", "{entry}");
    // It is told where one looks: on the request and on the person.
    let browser = desk.app.browser(&desk.operator).await;
    let page = browser.get(&format!("/operatore/{number}")).await.expect(200).words();
    assert!(page.contains("Le email a questo indirizzo non arrivano"), "{page}");
    let dario = desk.app.browser(&desk.administrator).await;
    let page = dario.get(&format!("/utenti/{}", person.id)).await.expect(200).words();
    assert!(page.contains("Le email a questo indirizzo non arrivano"), "{page}");
    // That a server for outgoing mail takes another mail for her says nothing: it takes all of them.
    dario.post(&format!("/utenti/{}", person.id), &format!("/utenti/{}/collegamento", person.id), &[]).await;
    let links = "SELECT COUNT(*) FROM outbox WHERE ticket_number IS NULL AND state <> 'sent'";
    until("the link has left", async || (desk.app.database.number(links).await == 0).then_some(())).await;
    let answer = said("Non parte nemmeno questa").await;
    let entry = desk.history(&number).await.into_iter().find(|one| one["id"] == answer).unwrap();
    assert_eq!(entry["delivery"], "failed", "{entry}");
    // She writes: she reads too.
    let again = "Subject: Re\r\nMessage-ID: <b@sara.example>\r\nIn-Reply-To: <a@sara.example>\r\n";
    desk.write(&sara.address, again, "Eccomi").await;
    desk.settled(3).await;
    said("Ora parte").await;
    let mails = about_requests(&sara, 2).await;
    assert!(mails.iter().all(|mail| !mail.body_text(0).unwrap().contains("Non parte")));
    assert!(mails[1].body_text(0).unwrap().contains("Ora parte"));
    desk.app.end().await;
}
