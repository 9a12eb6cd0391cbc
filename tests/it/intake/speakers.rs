//! In charge of what is promised of who speaks in a request: each is named for what they are, whatever door they came by.

use serde_json::json;

use super::story::{about_requests, desk};
use crate::support::mail::MailServer;

#[tokio::test]
async fn a_colleague_is_not_taken_for_the_desk_nor_a_machine_for_a_person() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let (bruno, colleague) = desk.clerk(server).await;
    let headers = format!(
        "Cc: <{}>, <consulente@altrove.example>\r\nSubject: Aiuto\r\nMessage-ID: <a@sara.example>\r\n",
        bruno.address
    );
    desk.write(&sara.address, &headers, "Non va.").await;
    desk.settled(1).await;
    let number = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    let answer = json!({"kind": "public", "body_text": "Provi ora."});
    desk.anna.post(&format!("/tickets/{number}/messages"), answer).await.expect(201);
    let id = about_requests(&bruno, 1).await[0].message_id().unwrap().to_string();
    let answers = format!("Subject: Re: Aiuto\r\nIn-Reply-To: <{id}>\r\n");
    desk.write(&bruno.address, &format!("{answers}Message-ID: <b@bruno.example>\r\n"), "Confermo, non va.\n\nIl giorno lun 15 giu 2026 alle ore 10:00 Assistenza <a@b.example> ha scritto:\n> Provi ora.").await;
    let id = about_requests(&sara, 2).await[1].message_id().unwrap().to_string();
    // What a mail quotes its readers have: they get what is new, and whose it is.
    let told = about_requests(&sara, 3).await[2].body_text(0).unwrap().to_string();
    assert!(told.contains("nuova risposta di Sara Bini") && told.contains("Confermo, non va."), "{told}");
    assert!(!told.contains("ha scritto"), "{told}");
    let absent = format!(
        "Subject: Assente\r\nIn-Reply-To: <{id}>\r\nMessage-ID: <c@sara.example>\r\nAuto-Submitted: auto-replied\r\n"
    );
    desk.write(&sara.address, &absent, "Sono in ferie.").await;
    desk.settled(3).await;
    let path = format!("/operatore/{number}");
    let page = desk.app.browser(&desk.operator).await.get(&path).await.expect(200).words();
    let hers = desk.app.browser(&colleague).await.get(&format!("/richieste/{number}")).await.expect(200).words();
    for (who, page) in [("desk", &page), ("colleague", &hers)] {
        assert_eq!(page.matches("Sara Bini In copia").count(), usize::from(who == "desk"), "{who}: {page}");
        assert_eq!(page.matches("Richiedente Risposta automatica").count(), 1, "{who}: {page}");
    }
    assert!(hers.contains("Sara Bini tu") && hers.contains("Assistenza"), "{hers}");
    // Who is named and is nobody here gets nothing: the desk knows.
    let others = "senza ricevere nulla della richiesta: consulente@altrove.example";
    assert_eq!((page.matches(others).count(), hers.matches("consulente@").count()), (1, 0), "{page}");
    desk.app.end().await;
}
