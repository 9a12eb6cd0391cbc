//! In charge of what is promised about who may be watched: nobody without the holder's authorisation (H24), and only mailboxes
//! of the admitted domains (H23).

use serde_json::{Value, json};

use crate::support::app::{Setup, TestApp};
use crate::support::builders::mailbox;

fn body() -> Value {
    json!({"address": "a@pec.example.it", "username": "a", "imap": {"host": "127.0.0.1"}, "activating": true,
           "authorization": {"holder": "Sindaco", "date": "2026-06-01"}})
}

#[tokio::test]
async fn no_mailbox_is_made_without_an_authorisation() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let both = ["authorization.holder", "authorization.date"].as_slice();
    for (authorization, wrong) in [
        (Value::Null, both),
        (json!({}), both),
        (json!({"holder": null, "date": null}), both),
        (json!({"holder": "  ", "date": "2026-06-01"}), &["authorization.holder"]),
        (json!({"holder": "Sindaco"}), &["authorization.date"]),
        (json!({"holder": "Sindaco", "date": ""}), &["authorization.date"]),
        (json!({"holder": "Sindaco", "date": "2026-02-30"}), &["authorization.date"]),
        // The clock of the tests stands at 15 June.
        (json!({"holder": "Sindaco", "date": "2026-06-16"}), &["authorization.date"]),
    ] {
        let mut body = body();
        body["authorization"] = authorization.clone();
        assert_eq!(api.post("/mailboxes", body).await.wrong_fields(), wrong, "{authorization}");
    }
    let mut body = body();
    body.as_object_mut().unwrap().remove("authorization");
    assert_eq!(api.post("/mailboxes", body).await.wrong_fields(), both);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailboxes").await, 0);
    app.end().await;
}

#[tokio::test]
async fn an_authorisation_is_not_taken_away_not_even_to_resume_without_it() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let one = mailbox("a@pec.example.it").insert(&app).await;
    let path = format!("/mailboxes/{}", one.id);
    let recorded = json!({"holder": "Sindaco", "date": "2026-06-01"});
    api.patch(&path, json!({"suspended": true})).await.expect(200);
    for authorization in
        [Value::Null, json!({"holder": null}), json!({"holder": " "}), json!({"date": null}), json!({"date": ""})]
    {
        let change = json!({"suspended": false, "authorization": authorization});
        let wrong = api.patch(&path, change).await.wrong_fields();
        assert!(wrong.iter().all(|field| field.starts_with("authorization.")), "{authorization}: {wrong:?}");
        let kept = api.mailbox(one.id.as_str()).await;
        assert_eq!((&kept["status"], &kept["authorization"]), (&json!("suspended"), &recorded));
    }
    let resumed = api.patch(&path, json!({"suspended": false})).await.expect(200).json();
    assert_eq!((&resumed["status"], &resumed["authorization"]), (&json!("never_checked"), &recorded));
    let renewed = json!({"authorization": {"holder": "Sindaca", "date": "2026-06-14"}});
    assert_eq!(api.patch(&path, renewed.clone()).await.expect(200).json()["authorization"], renewed["authorization"]);
    app.end().await;
}

#[tokio::test]
async fn an_address_of_another_domain_is_refused_with_the_admitted_ones() {
    let setup = Setup::new().await;
    let app = setup.settings(|settings| settings.admitted_domains = vec!["pec.it".into(), "cert.example.it".into()]);
    let app = app.start().await;
    let (dario, api) = app.dario().await;
    let refused = api.post("/mailboxes", body()).await.expect(422).json();
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1, "{refused}");
    assert_eq!(refused["errors"][0]["field"], "address");
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("pec.it, cert.example.it"), "{message}");
    let form = [("address", "a@pec.example.it")];
    let page = app.browser(&dario).await.post("/caselle/nuova", "/caselle", &form).await.expect(422);
    assert!(page.words().contains("pec.it, cert.example.it"), "{}", page.words());

    for admitted in ["a@pec.it", "b@CERT.example.it"] {
        let mut body = body();
        body["address"] = json!(admitted);
        let made = api.post("/mailboxes", body).await.expect(201).json();
        let moved = json!({"address": "c@altrove.example.it"});
        let wrong = api.patch(&format!("/mailboxes/{}", made["id"].as_str().unwrap()), moved).await;
        assert_eq!(wrong.wrong_fields(), ["address"]);
    }
    app.end().await;
}
