//! In charge of what somebody is told who decides of mail that waits, and of what their decision does: where the mail goes, in whose
//! name, and that it can be taken back.

use serde_json::{Value, json};
use sportello::model::person::Role;

use super::story::{Desk, desk, desk_with};
use crate::support::client::Browser;
use crate::support::mail::MailServer;

const LIST: &str = "/operatore/posta";

impl Desk<'_> {
    /// The page of the mail of this subject that waits in a list of the API.
    async fn page_of(&self, list: &str, subject: &str) -> String {
        let some = self.anna.get(&format!("/intake/{list}")).await.expect(200).json();
        let one = some["items"].as_array().unwrap().iter().find(|one| one["subject"] == subject).cloned();
        format!("{LIST}/{}", one.unwrap_or_else(|| panic!("{subject}: {some}"))["id"].as_str().unwrap())
    }

    async fn browser(&self) -> Browser {
        self.app.browser(&self.operator).await
    }

    /// What the history of a request says that is no message, as the desk reads it: what, of what, by whom.
    async fn events(&self, number: &str) -> Vec<(String, String)> {
        let page = self.anna.get(&format!("/tickets/{number}/messages")).await.expect(200).json();
        let events = page["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "event");
        let said = |one: &Value, what: &str| one[what].as_str().unwrap_or_default().to_string();
        events.map(|one| (said(one, "body_text"), one["author"]["name"].as_str().unwrap().to_string())).collect()
    }
}

/// The number of the request that an answer leads to.
fn number_in(location: &str) -> String {
    location.strip_prefix("/operatore/").unwrap_or_else(|| panic!("{location}")).to_string()
}

#[tokio::test]
async fn a_mail_without_subject_and_words_can_be_opened_and_has_a_name_everywhere() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let browser = desk.browser().await;
    assert!(!browser.get("/operatore").await.expect(200).words().contains("Posta da decidere 1"));
    desk.write(
        "Ignota <ignota@altrove.example>",
        "Message-ID: <1@x.example>\r\nCc: <in.copia@altrove.example>\r\n",
        "",
    )
    .await;
    desk.settled(1).await;
    let path = format!("{LIST}/{}", desk.held().await[0]["id"].as_str().unwrap());
    let queue = browser.get("/operatore").await.expect(200).words();
    assert!(queue.contains("Posta da decidere 1"), "{queue}");
    let list = browser.get(LIST).await.expect(200);
    assert!(list.leads_to(&path) && list.text.contains(">(senza oggetto)</a>"), "{}", list.text);
    let page = browser.get(&path).await.expect(200);
    let words = page.words();
    assert!(
        page.text.contains("<h1 class=\"sp-wrap\">(senza oggetto)</h1>") && words.contains("né allegati"),
        "{words}"
    );
    // Who it is to and who has a copy are two things.
    let to = format!("A {} In copia in.copia@altrove.example", desk.address.address);
    assert!(words.contains(&to) && words.contains("Grandezza") && !words.contains("Limite"), "{words}");
    let made = browser.post(LIST, &format!("{path}/accetta"), &[]).await.expect(303);
    let number = number_in(made.header("location"));
    assert_eq!(desk.tickets().await[0]["subject"], "(senza oggetto)");
    assert!(browser.get(&format!("/operatore/{number}")).await.expect(200).words().contains("è in questa richiesta"));
    // What is long is whole on its page alone.
    let long = format!("{}fine", "parola ".repeat(30));
    desk.write("<altra@altrove.example>", &format!("Subject: {long}\r\nMessage-ID: <2@x.example>\r\n"), "T").await;
    desk.settled(2).await;
    let path = desk.page_of("held", &long).await;
    assert!(browser.get(&path).await.expect(200).words().contains(&long));
    let list = browser.get(LIST).await.expect(200).words();
    assert!(list.contains("parola…") && !list.contains("fine"), "{list}");
    desk.app.end().await;
}

#[tokio::test]
async fn where_a_mail_names_a_request_of_others_somebody_chooses_where_it_goes() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, person) = desk.clerk(server).await;
    desk.write(&sara.address, "Subject: Aiuto\r\nMessage-ID: <a@sara.example>\r\n", "Non entro").await;
    desk.settled(1).await;
    let named = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    for (place, subject) in ["Re: uno", "Re: due", "Re: tre"].into_iter().enumerate() {
        let headers = format!("Subject: {subject} [{named}]\r\nMessage-ID: <{place}@x.example>\r\n");
        desk.write("Ignoto <ignoto@altrove.example>", &headers, &format!("Testo di {subject}")).await;
    }
    desk.settled(4).await;
    let browser = desk.browser().await;
    let one = desk.page_of("held", &format!("Re: uno [{named}]")).await;
    let page = browser.get(&one).await.expect(200);
    assert!(page.leads_to(&format!("/operatore/{named}")), "{}", page.text);
    assert!(page.words().contains(&format!("Accetta nella richiesta {named}")), "{}", page.words());
    assert!(page.words().contains("Accetta come nuova richiesta"), "{}", page.words());
    // Into the one that it names: in its sender's name, and the desk knows who has let it in.
    let done = browser.post(LIST, &format!("{one}/accetta"), &[("into", "named")]).await.expect(303);
    assert_eq!(number_in(done.header("location")), named);
    let history = desk.history(&named).await;
    let said = history.iter().find(|one| one["body_text"] == "Testo di Re: uno").expect("what was said");
    assert_eq!(said["author"]["email"], "ignoto@altrove.example");
    let let_in = ("Accettata l’email trattenuta di ignoto@altrove.example".to_string(), desk.operator.name.clone());
    assert!(desk.events(&named).await.contains(&let_in), "{:?}", desk.events(&named).await);
    let hers = desk.app.browser(&person).await.get(&format!("/richieste/{named}")).await.expect(200).words();
    assert!(!hers.contains("Accettata l’email"), "{hers}");
    // Into a new one, which is its sender's from its first word on, and says to the desk what the mail names.
    let two = desk.page_of("held", &format!("Re: due [{named}]")).await;
    let done = browser.post(LIST, &format!("{two}/accetta"), &[("into", "new")]).await.expect(303);
    let new = number_in(done.header("location"));
    assert_ne!(new, named);
    let events = desk.events(&new).await;
    assert!(events.contains(&("Richiesta aperta".into(), "Ignoto".into())) && events.contains(&let_in), "{events:?}");
    assert!(events.iter().any(|(what, _)| what.contains(&format!("Forse collegata a {named}"))), "{events:?}");
    for (of, other) in [(&new, &named), (&named, &new)] {
        let page = browser.get(&format!("/operatore/{of}")).await.expect(200);
        assert!(page.leads_to(&format!("/operatore/{other}")), "{of} says nothing of {other}");
    }
    // Decided is decided: who comes later is led to what came of it.
    for _ in 0..2 {
        let again = browser.post(LIST, &format!("{two}/accetta"), &[("into", "named")]).await.expect(303);
        assert_eq!(number_in(again.header("location")), new);
    }
    for answer in [browser.get(&two).await, browser.post(LIST, &format!("{two}/scarta"), &[]).await] {
        assert_eq!(number_in(answer.expect(303).header("location")), new);
    }
    assert!(browser.get(&format!("/operatore/{new}")).await.expect(200).words().contains("già stata accettata"));
    // By the API the same; nobody is put into what is not there.
    let three = desk.page_of("held", &format!("Re: tre [{named}]")).await.replace(LIST, "/intake/held");
    let wrong = desk.anna.post(&format!("{three}/accept"), json!({"into": "altrove"})).await;
    assert_eq!(wrong.wrong_fields(), ["into"]);
    let made = desk.anna.post(&format!("{three}/accept"), json!({"into": "named"})).await.expect(200).json();
    assert_eq!(made["ticket_number"], named.as_str());
    desk.app.end().await;
}

#[tokio::test]
async fn who_does_not_see_the_request_that_a_mail_names_is_told_its_number_and_puts_nothing_there() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    desk.write(&sara.address, "Subject: Aiuto\r\nMessage-ID: <a@sara.example>\r\n", "Non entro").await;
    desk.settled(1).await;
    let named = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    let second = server.account("pki").await;
    let body = json!({
        "address": second.address, "username": second.address, "password": second.password, "area": "pki",
        "imap": {"host": "127.0.0.1", "port": server.imaps, "security": "tls"},
    });
    desk.api.post("/intake/mailboxes", body).await.expect(201);
    let piero = desk.app.person(Role::Operator, "piero", None).await;
    let limits = json!({"restricted_to_groups": true, "areas": ["pki"]});
    desk.api.patch(&format!("/users/{}", piero.id), limits).await.expect(200);
    let mail = format!(
        "From: <ignoto@altrove.example>\r\nTo: <{}>\r\nSubject: Re: [{named}]\r\nMessage-ID: <1@x>\r\n\r\nT\r\n",
        second.address
    );
    second.deliver_raw(mail.as_bytes()).await;
    desk.settled(2).await;
    let his = desk.app.browser(&piero).await;
    let path = desk.page_of("held", &format!("Re: [{named}]")).await;
    let page = his.get(&path).await.expect(200);
    assert!(page.words().contains(&format!("nomina la richiesta {named}")), "{}", page.words());
    assert!(!page.leads_to(&format!("/operatore/{named}")) && !page.text.contains("value=\"named\""), "{}", page.text);
    let before = desk.history(&named).await.len();
    let refused = path.replace(LIST, "/intake/held");
    let of_piero = desk.app.api(&piero).await;
    let answer = of_piero.post(&format!("{refused}/accept"), json!({"into": "named"})).await;
    assert_eq!(answer.wrong_fields(), ["into"]);
    his.post(LIST, &format!("{path}/accetta"), &[("into", "new")]).await.expect(303);
    assert_eq!((desk.history(&named).await.len(), desk.tickets().await.len()), (before, 2));
    desk.app.end().await;
}

#[tokio::test]
async fn what_is_too_large_says_all_that_is_known_of_it_and_is_not_tried_in_vain() {
    let server = MailServer::get();
    let desk = desk_with(server, |settings| settings.intake_max_size = rocket::data::ByteUnit::Kilobyte(100)).await;
    let (sara, _) = desk.clerk(server).await;
    let heavy = "riga di testo\r\n".repeat(10_000);
    let mail = async |from: &str, subject: &str| {
        desk.write(from, &format!("Subject: {subject}\r\nMessage-ID: <{subject}@x.example>\r\n"), &heavy).await;
    };
    mail(&sara.address, "Nota").await;
    mail(&sara.address, "Ancora").await;
    mail("ignoto@altrove.example", "Ignota").await;
    desk.settled(3).await;
    let browser = desk.browser().await;
    for (subject, told) in [("Nota", true), ("Ancora", true), ("Ignota", false)] {
        let path = desk.page_of("unprocessed", subject).await;
        let page = browser.get(&path).await.expect(200);
        let words = page.words();
        assert!(words.contains("Grandezza 15") && words.contains("Limite 100 kB"), "{words}");
        assert!(
            words.contains("intake_max_size") && words.contains(&format!("nella casella {}", desk.address.address)),
            "{words}"
        );
        assert_eq!(words.contains("Avvisato che"), told, "{subject}: {words}");
        assert_eq!(words.contains("Non è stato avvisato"), !told, "{subject}: {words}");
        assert!(!page.text.contains("/riprova") && !page.text.contains("/originale"), "{}", page.text);
        let back = browser.post(LIST, &format!("{path}/riprova"), &[]).await.expect(303);
        assert_eq!(back.header("location"), path);
        assert!(browser.get(&path).await.expect(200).words().contains("supera ancora il limite"));
        desk.anna.post(&format!("{}/retry", path.replace(LIST, "/intake/unprocessed")), json!({})).await.expect(409);
    }
    let list = browser.get("/operatore/posta?stato=non-elaborati").await.expect(200);
    assert!(!list.text.contains("/riprova") && list.text.contains("/scarta"), "{}", list.text);
    desk.app.end().await;
}

#[tokio::test]
async fn what_was_discarded_by_mistake_is_seen_and_let_in_after_all() {
    let server = MailServer::get();
    let desk = desk(server).await;
    desk.write("<ignoto@altrove.example>", "Subject: Importante\r\nMessage-ID: <1@x.example>\r\n", "T").await;
    desk.write("<anna@example.org>", "Subject: Falsa\r\nMessage-ID: <2@x.example>\r\n", "T").await;
    desk.settled(2).await;
    let browser = desk.browser().await;
    let forged = browser.get(&desk.page_of("held", "Falsa").await).await.expect(200).words();
    assert!(forged.contains("può essere falso"), "{forged}");
    let path = desk.page_of("held", "Importante").await;
    browser.post(LIST, &format!("{path}/scarta"), &[]).await.expect(303);
    let list = browser.get(LIST).await.expect(200);
    assert!(list.words().contains("resta tra le «Scartate»") && list.leads_to("/operatore/posta?stato=scartate"));
    let discarded = browser.get("/operatore/posta?stato=scartate").await.expect(200);
    assert!(discarded.leads_to(&path) && !discarded.words().contains("Falsa"), "{}", discarded.words());
    assert!(discarded.text.contains("/accetta") && !discarded.text.contains("/scarta\""), "{}", discarded.text);
    browser.get(&path).await.expect(200);
    browser.get(&format!("{path}/originale")).await.expect(200);
    // Thrown away is thrown away: once more does nothing.
    browser.post(LIST, &format!("{path}/scarta"), &[]).await.expect(303);
    let done = browser.post(LIST, &format!("{path}/accetta"), &[]).await.expect(303);
    number_in(done.header("location"));
    assert_eq!(desk.tickets().await[0]["subject"], "Importante");
    assert!(!browser.get("/operatore/posta?stato=scartate").await.expect(200).leads_to(&path));
    // Who was about to remove its bytes does not: they are a request's now.
    let mut tx = desk.app.app.db.begin().await.unwrap();
    let id = path.rsplit('/').next().unwrap().into();
    let one = sportello::store::intake_mails::find(&mut tx, &id).await.unwrap().unwrap();
    assert!(!sportello::store::intake_mails::let_bytes_go(&mut tx, &one, desk.app.app.clock.now()).await.unwrap());
    drop(tx);
    desk.app.end().await;
}

/// A person's body is where they work, whatever domain their address is of.
#[tokio::test]
async fn who_works_elsewhere_than_their_address_says_is_let_in_where_they_work() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let all = desk.api.get("/organizations").await.expect(200).json()["items"].as_array().unwrap().clone();
    let of = |name: &str| all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{all:?}")).clone();
    let (home, work) = (of("Comune di Borgo Solare"), of("Unione dei Colli"));
    let path = format!("/organizations/{}", home["id"].as_str().unwrap());
    desk.api.patch(&path, json!({"email_domains": ["comune.example"]})).await.expect(200);
    let email = "pia@comune.example";
    let body = json!({"email": email, "name": "Pia", "role": "org_user", "organization_id": work["id"]});
    desk.api.post("/users", body).await.expect(201);
    let failed = "Authentication-Results: 127.0.0.1; dmarc=fail\r\nSubject: Da Pia\r\nMessage-ID: <p@x.example>\r\n";
    desk.write(email, failed, "Testo").await;
    desk.settled(1).await;
    let held = desk.held().await;
    assert_eq!(held[0]["reason"], "suspicious");
    desk.anna.post(&format!("/intake/held/{}/accept", held[0]["id"].as_str().unwrap()), json!({})).await.expect(200);
    assert_eq!(desk.tickets().await[0]["organization_id"], work["id"]);
    desk.app.end().await;
}
