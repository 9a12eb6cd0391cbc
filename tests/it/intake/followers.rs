//! In charge of who comes in copy of a request by mails that follow the first (E11): whom those who may add people name there.

use serde_json::{Value, json};

use super::story::{Desk, desk};
use crate::support::mail::MailServer;

impl Desk<'_> {
    async fn colleague(&self, email: &str, name: &str) {
        let organizations = self.api.get("/organizations").await.expect(200).json();
        let body = json!({"email": email, "name": name, "role": "org_user", "organization_id": organizations["items"][0]["id"]});
        self.api.post("/users", body).await.expect(201);
    }

    async fn ticket(&self, number: &str) -> Value {
        self.anna.get(&format!("/tickets/{number}")).await.expect(200).json()
    }

    /// An answer by mail that cites the first one, with these in copy.
    async fn follows_up(&self, from: &str, id: &str, copy: &str, headers: &str) {
        let headers = format!(
            "Cc: {copy}\r\nSubject: Re: Aiuto\r\nMessage-ID: <{id}@x>\r\nIn-Reply-To: <a@sara.example>\r\n{headers}"
        );
        self.write(from, &headers, id).await;
    }
}

#[tokio::test]
async fn whom_an_answer_names_in_copy_follows_from_then_on_where_its_writer_may_add_people() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let (lia, ugo, pio) = ("lia@comune.example", "ugo@comune.example", "pio@comune.example");
    for (email, name) in [(lia, "Lia"), (ugo, "Ugo"), (pio, "Pio")] {
        desk.colleague(email, name).await;
    }
    desk.write(&sara.address, "Subject: Aiuto\r\nMessage-ID: <a@sara.example>\r\n", "Testo").await;
    desk.settled(1).await;
    let number = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    // Strangers, machines, nobodies, the desk itself and who asked are only words.
    let copy = format!(
        "Lia <{lia}>, <estraneo@altrove.example>, <noreply@comune.example>, <{}>, <{}>",
        sara.address, desk.address.address
    );
    desk.follows_up(&sara.address, "due", &copy, "").await;
    desk.settled(2).await;
    assert_eq!(desk.ticket(&number).await["cc"], json!([lia]));
    let history = desk.anna.get(&format!("/tickets/{number}/messages")).await.expect(200).json();
    let told = history["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "event");
    let told: Vec<&Value> = told.filter(|one| one["body_text"].as_str().unwrap_or_default().contains(lia)).collect();
    assert_eq!((told.len(), &told[0]["author"]["email"]), (1, &json!(sara.address)), "{history}");
    let trace = desk.api.get("/audit?action=ticket.changed").await.expect(200).json();
    assert!(trace["items"][0]["detail"].as_str().unwrap().contains(lia), "{trace}");
    // By a number alone, which is easily guessed, and a name that nobody vouches for, nobody is let in to read.
    let guessed = format!("Cc: <{ugo}>\r\nSubject: Re: [{number}] Aiuto\r\nMessage-ID: <n@x>\r\n");
    desk.write(&sara.address, &guessed, "Per numero").await;
    desk.settled(3).await;
    assert_eq!(desk.ticket(&number).await["cc"], json!([lia]));
    // Who is in copy speaks and adds nobody, as on the page; nor does a machine of hers.
    desk.follows_up(lia, "tre", ugo, "").await;
    desk.follows_up(&sara.address, "quattro", ugo, "Auto-Submitted: auto-replied\r\n").await;
    desk.settled(5).await;
    assert_eq!(desk.ticket(&number).await["cc"], json!([lia]));
    assert_eq!(desk.history(&number).await.len(), 5, "all of it was said");
    // Taken out by hand she stays out: a mail program answers to all.
    desk.anna.patch(&format!("/tickets/{number}"), json!({"cc": []})).await.expect(200);
    desk.follows_up(&sara.address, "cinque", &format!("<{lia}>, <{ugo}>"), "").await;
    desk.settled(6).await;
    assert_eq!(desk.ticket(&number).await["cc"], json!([ugo]));
    // A hand puts her back.
    desk.anna.patch(&format!("/tickets/{number}"), json!({"cc": [lia, ugo]})).await.expect(200);
    // Twenty at most, however many there are by hand.
    let many: Vec<String> = (0..17).map(|at| format!("persona{at:02}@altro.example")).collect();
    let all: Vec<&str> = [lia, ugo].into_iter().chain(many.iter().map(String::as_str)).collect();
    desk.anna.patch(&format!("/tickets/{number}"), json!({"cc": all})).await.expect(200);
    desk.colleague("eva@comune.example", "Eva").await;
    desk.follows_up(&sara.address, "sei", &format!("<{pio}>, <eva@comune.example>"), "").await;
    desk.settled(7).await;
    let copies = desk.ticket(&number).await["cc"].as_array().unwrap().clone();
    assert!(copies.len() == 20 && copies.contains(&json!(pio)), "{copies:?}");
    desk.app.end().await;
}

#[tokio::test]
async fn who_has_no_account_adds_nobody() {
    let server = MailServer::get();
    let desk = desk(server).await;
    desk.colleague("lia@comune.example", "Lia").await;
    desk.write("<ignoto@altrove.example>", "Subject: Aiuto\r\nMessage-ID: <a@sara.example>\r\n", "Testo").await;
    desk.settled(1).await;
    let held = desk.held().await[0]["id"].as_str().unwrap().to_string();
    desk.anna.post(&format!("/intake/held/{held}/accept"), json!({})).await.expect(200);
    let number = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    desk.follows_up("<ignoto@altrove.example>", "due", "<lia@comune.example>", "").await;
    desk.settled(2).await;
    assert_eq!(desk.history(&number).await.len(), 2);
    assert_eq!(desk.ticket(&number).await["cc"], json!([]));
    desk.app.end().await;
}
