//! In charge of the breaker of the intake: more mail than people write answers nobody by itself, and who answers for the desk is told
//! when that begins and when it is over, each once.

use std::time::Duration;

use super::story::desk;
use crate::desk::clocks::rounds;
use crate::support::app::{Setup, TestApp};
use crate::support::mail::MailServer;

/// So many mails have come just now, of which nothing came.
async fn came(app: &TestApp, count: usize) {
    let now = app.app.clock.now().0;
    let sql = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
         INSERT INTO intake_mails (id, uid_validity, uid, sha256, size, state, tries, received_at, taken_at)
         SELECT 'flood-{now}-' || CAST(n AS TEXT), 1, n, 'x', 1, 'dropped', 0, {now}, {now} FROM numbers"
    );
    assert_eq!(app.database.execute(&sql).await, count as u64);
}

#[tokio::test]
async fn a_flood_is_told_once_when_it_begins_and_once_when_it_is_over() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let told = async |app: &TestApp| {
        let count = |subject: &str| format!("SELECT COUNT(*) FROM outbox WHERE subject = '{subject}'");
        let begun = app.database.number(&count("Arriva troppa posta all’assistenza")).await;
        (begun, app.database.number(&count("La posta all’assistenza è tornata normale")).await)
    };
    let answered = "SELECT COUNT(*) FROM outbox WHERE subject LIKE '%Abbiamo ricevuto la tua richiesta'";
    let flooded = async |app: &TestApp| {
        app.visitor().get("/metrics").await.expect(200).text.contains("\nsportello_intake_flooded 1")
    };
    desk.write(&sara.address, "Subject: Prima\r\nMessage-ID: <1@sara.example>\r\n", "T").await;
    desk.settled(1).await;
    rounds(&desk.app, "take-in-mail").await;
    assert_eq!((told(&desk.app).await, flooded(&desk.app).await), ((0, 0), false));
    assert_eq!(desk.app.database.number(answered).await, 1);

    came(&desk.app, 1000).await;
    for at in 2..4 {
        desk.write(&sara.address, &format!("Subject: {at}\r\nMessage-ID: <{at}@sara.example>\r\n"), "T").await;
        desk.settled(1000 + at).await;
    }
    assert_eq!(desk.tickets().await.len(), 3, "all of it is taken in");
    assert_eq!((told(&desk.app).await, flooded(&desk.app).await), ((1, 0), true));
    assert_eq!(desk.app.database.number(answered).await, 1, "and nobody is answered");
    for (person, path) in [(&desk.operator, "/operatore/posta"), (&desk.administrator, "/impostazioni/posta")] {
        let page = desk.app.browser(person).await.get(path).await.expect(200).words();
        assert!(page.contains("Arriva troppa posta (da "), "{page}");
    }
    rounds(&desk.app, "take-in-mail").await;
    assert_eq!(told(&desk.app).await, (1, 0));
    // A little less is not the end of it, nor is a start of the program.
    desk.app.advance(Duration::from_secs(1800));
    came(&desk.app, 800).await;
    desk.app.advance(Duration::from_secs(1900));
    rounds(&desk.app, "take-in-mail").await;
    assert_eq!((told(&desk.app).await, flooded(&desk.app).await), ((1, 0), true));
    let (clock, url) = (desk.app.app.clock.clone(), desk.app.app.settings.smtp_url.clone());
    let database = desk.app.end().await;
    let app = Setup::on(database).clock(clock).mail(server).settings(|settings| settings.smtp_url = url).start().await;
    rounds(&app, "take-in-mail").await;
    assert_eq!((told(&app).await, flooded(&app).await), ((1, 0), true));

    app.advance(Duration::from_secs(3600));
    for _ in 0..2 {
        rounds(&app, "take-in-mail").await;
        assert_eq!((told(&app).await, flooded(&app).await), ((1, 1), false));
    }
    // Another one is another one.
    came(&app, 1000).await;
    rounds(&app, "take-in-mail").await;
    assert_eq!(told(&app).await, (2, 1));
    app.end().await;
}
