//! In charge of what is promised of a mail of ours that did not arrive: it is told, whatever its end is called, and nobody waits for
//! an answer to it.

use serde_json::{Value, json};

use super::story::{Desk, about_requests, desk};
use crate::support::mail::{Account, MailServer};

/// What a daemon says of a mail of ours.
struct Told<'t> {
    of: &'t str,
    to: &'t str,
    action: &'t str,
    status: &'t str,
}

impl Desk<'_> {
    async fn comes_back(&self, told: Told<'_>) {
        let Told { of, to, action, status } = told;
        let mail = format!(
            "From: MAILER-DAEMON@mx.example\r\nTo: <{}>\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\n{action} {status}\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{of}>\r\n\r\n--b--\r\n",
            self.address.address
        );
        self.address.deliver_raw(mail.as_bytes()).await;
    }

    /// The desk answers; the entry and the Message-ID under which it has left.
    async fn answers(&self, number: &str, text: &str, sara: &Account<'_>, count: usize) -> (Value, String) {
        let said = json!({"kind": "public", "body_text": text});
        let entry = self.anna.post(&format!("/tickets/{number}/messages"), said).await.expect(201).json();
        let mails = about_requests(sara, count).await;
        (entry["id"].clone(), mails[count - 1].message_id().unwrap().to_string())
    }

    async fn delivery(&self, number: &str, entry: &Value) -> Value {
        self.history(number).await.into_iter().find(|one| one["id"] == *entry).unwrap()["delivery"].clone()
    }

    /// What the history says of mails that did not arrive: to whom.
    async fn lost(&self, number: &str) -> Vec<String> {
        let page = self.anna.get(&format!("/tickets/{number}/messages")).await.expect(200).json();
        let entries = page["items"].as_array().unwrap().iter().filter_map(|one| one["body_text"].as_str());
        entries.filter_map(|text| text.strip_prefix("Non consegnata a ").map(str::to_string)).collect()
    }
}

/// Somebody of an entity who has asked something by mail, which has been acknowledged.
async fn asking<'s>(desk: &Desk<'_>, server: &'s MailServer) -> (Account<'s>, String) {
    let (sara, _) = desk.clerk(server).await;
    desk.write(&sara.address, "Subject: Aiuto\r\nMessage-ID: <a@sara.example>\r\n", "Testo").await;
    desk.settled(1).await;
    let number = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    about_requests(&sara, 1).await;
    (sara, number)
}

#[tokio::test]
async fn a_mail_that_is_given_up_is_told_whatever_its_status_and_wherever_it_was_passed_on_to() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, number) = asking(&desk, server).await;
    let (entry, id) = desk.answers(&number, "Provi ora.", &sara, 2).await;
    // What is only late is no news.
    desk.comes_back(Told { of: &id, to: &sara.address, action: "delayed", status: "4.4.1" }).await;
    desk.settled(2).await;
    assert_eq!(desk.delivery(&number, &entry).await, "sent");
    // Its time is over, at the address to which hers passes everything on.
    let told = || Told { of: &id, to: "sara@altrove.example", action: "failed", status: "4.4.7" };
    desk.comes_back(told()).await;
    desk.settled(3).await;
    assert_eq!(desk.delivery(&number, &entry).await, "failed");
    assert_eq!(desk.lost(&number).await, [sara.address.as_str()]);
    // Said once more it is nothing new.
    desk.comes_back(told()).await;
    desk.settled(4).await;
    assert_eq!((desk.lost(&number).await.len(), desk.held().await.len()), (1, 0));
    // Of a mail that is not known here, and of one of which nothing says what became of it, a person decides.
    let unknown = id.replace('@', "x@");
    desk.comes_back(Told { of: &unknown, to: &sara.address, action: "failed", status: "5.1.1" }).await;
    let (_, id) = desk.answers(&number, "Ancora.", &sara, 3).await;
    desk.comes_back(Told { of: &id, to: &sara.address, action: "boh", status: "5.1.1" }).await;
    desk.settled(6).await;
    let held = desk.held().await;
    assert_eq!(held.iter().map(|one| &one["reason"]).collect::<Vec<_>>(), ["bounce", "bounce"], "{held:?}");
    desk.app.end().await;
}

#[tokio::test]
async fn an_invitation_that_comes_back_says_of_its_address_that_it_takes_no_mail() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, person) = desk.clerk(server).await;
    let invitation = crate::support::until("the invitation arrives", async || sara.mails().pop()).await;
    let invitation = String::from_utf8(invitation).unwrap();
    let id = invitation.lines().find_map(|line| line.strip_prefix("Message-ID: <")).unwrap();
    desk.comes_back(Told { of: id.trim().trim_end_matches('>'), to: &sara.address, action: "failed", status: "5.1.1" })
        .await;
    desk.settled(1).await;
    assert_eq!(desk.held().await, Vec::<Value>::new());
    let dario = desk.app.browser(&desk.administrator).await;
    let page = dario.get(&format!("/utenti/{}", person.id)).await.expect(200).words();
    assert!(page.contains("Le email a questo indirizzo non arrivano"), "{page}");
    desk.app.end().await;
}

#[tokio::test]
async fn a_question_that_comes_back_is_waited_for_no_longer() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, number) = asking(&desk, server).await;
    let path = format!("/tickets/{number}");
    desk.anna.post(&format!("{path}/wait"), json!({"for": "requester", "reason": "Quale?"})).await.expect(200);
    let question = about_requests(&sara, 2).await.remove(1);
    let id = question.message_id().unwrap();
    desk.comes_back(Told { of: id, to: &sara.address, action: "failed", status: "5.2.2" }).await;
    desk.settled(2).await;
    let ticket = desk.anna.get(&path).await.expect(200).json();
    assert_eq!((&ticket["state"], ticket["resolution_due_at"].is_string()), (&json!("open"), true), "{ticket}");
    let told = "SELECT COUNT(*) FROM outbox WHERE subject LIKE '%Email non consegnata%' AND gathers = 'work'";
    assert!(desk.app.database.number(told).await >= 1, "who answers for the desk");
    desk.app.end().await;
}

/// Where the installation's mail leaves through a certified mailbox, its provider answers by receipts.
#[tokio::test]
async fn a_receipt_of_certified_mail_tells_what_was_not_delivered() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, number) = asking(&desk, server).await;
    let (entry, id) = desk.answers(&number, "Provi ora.", &sara, 2).await;
    let mut sent = 0;
    let mut receipt = async |kind: &str, of: &str| {
        sent += 1;
        let mail = format!(
            "From: posta-certificata@gestore.example\r\nTo: <{}>\r\nX-Ricevuta: {kind}\r\n\
             X-Riferimento-Message-ID: <{of}>\r\nSubject: {kind}\r\nMessage-ID: <r{sent}@gestore.example>\r\n\r\nRicevuta.\r\n",
            desk.address.address
        );
        desk.address.deliver_raw(mail.as_bytes()).await;
        desk.settled(1 + sent).await;
    };
    // What has gone well, or is only late, is no news; nor is what is none of ours.
    receipt("accettazione", &id).await;
    receipt("preavviso-errore-consegna", &id).await;
    receipt("errore-consegna", "altro@altrove.example").await;
    assert_eq!((desk.delivery(&number, &entry).await, desk.lost(&number).await.len()), (json!("sent"), 0));
    // The warning that comes when a day is nearly over is the end of it.
    desk.app.advance(std::time::Duration::from_secs(22 * 3600));
    receipt("preavviso-errore-consegna", &id).await;
    receipt("errore-consegna", &id).await;
    assert_eq!(desk.delivery(&number, &entry).await, "failed");
    assert_eq!(desk.lost(&number).await, [sara.address.as_str()], "once");
    assert_eq!((desk.tickets().await.len(), desk.held().await.len()), (1, 0), "a receipt opens nothing");
    desk.app.end().await;
}
