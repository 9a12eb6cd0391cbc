//! In charge of what is promised about tax codes (H11, H12): wrong ones are refused, good ones kept in one form and found
//! however they are typed, and a new mailbox goes to the body whose code is its holder's.

use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::client::Api;

const COMUNE: &str = "80012340586";

/// A mailbox that waits for its password, so that nobody is called.
fn body(address: &str, tax_code: Value) -> Value {
    json!({
        "address": address, "username": address, "activating": true, "holder_tax_code": tax_code,
        "imap": {"host": "imap.example.it"}, "authorization": {"holder": "Sindaco", "date": "2026-06-01"},
    })
}

async fn addresses(api: &Api, q: &str) -> Vec<String> {
    let mut address = form_urlencoded::Serializer::new(String::from("/mailboxes?"));
    address.append_pair("q", q);
    let page = api.get(&address.finish()).await.expect(200).json();
    page["items"].as_array().unwrap().iter().map(|one| one["address"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn a_wrong_code_is_refused_and_a_good_one_kept_in_one_form() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    for wrong in ["RSSMRA80A01H501X", "RSSMRA80F01H501G", "RSSMRA80A99H501Y", "21345670587", "00000000000", "123", "à"]
    {
        assert_eq!(
            api.post("/mailboxes", body("a@pec.example.it", json!(wrong))).await.wrong_fields(),
            ["holder_tax_code"]
        );
        let organization = json!({"code": "x", "name": "X", "tax_code": wrong});
        assert_eq!(api.post("/organizations", organization).await.wrong_fields(), ["tax_code"]);
    }
    let made = api.post("/mailboxes", body("a@pec.example.it", json!("rss mra 80a01 h501u"))).await.expect(201).json();
    assert_eq!(made["holder_tax_code"], "RSSMRA80A01H501U");
    let path = format!("/mailboxes/{}", made["id"].as_str().unwrap());
    let change = async |code: Value| api.patch(&path, json!({"holder_tax_code": code})).await;
    assert_eq!(change(json!("it 12345670587")).await.expect(200).json()["holder_tax_code"], "12345670587");
    assert_eq!(change(json!("12345670588")).await.wrong_fields(), ["holder_tax_code"]);
    assert_eq!(change(json!("")).await.expect(200).json()["holder_tax_code"], Value::Null);
    api.post("/mailboxes", body("b@pec.example.it", json!(null))).await.expect(201);
    app.end().await;
}

#[tokio::test]
async fn a_new_mailbox_goes_to_the_one_body_whose_code_is_its_holders() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let api = app.api(&cast.dario).await;
    let path = format!("/organizations/{}", cast.comune.id);
    api.patch(&path, json!({"tax_code": COMUNE})).await.expect(200);
    let belongs = async |body: Value| api.post("/mailboxes", body).await.expect(201).json()["organization_id"].clone();
    let comune = json!(cast.comune.id.as_str());

    assert_eq!(belongs(body("a@pec.example.it", json!("800 123 405 86"))).await, comune);
    let told = app.database.texts("SELECT detail FROM audit WHERE action = 'mailbox.created'").await;
    assert!(told[0].contains(&format!("organization {}", cast.comune.id)), "{told:?}");
    assert_eq!(addresses(&app.api(&cast.carla).await, "").await, ["a@pec.example.it"], "rights follow the body");

    assert_eq!(belongs(body("b@pec.example.it", json!("97123450583"))).await, Value::Null, "nobody's code");
    let mut none = body("c@pec.example.it", json!(COMUNE));
    none["organization_id"] = json!(null);
    assert_eq!(belongs(none).await, Value::Null, "said to belong to none");
    let mut other = body("d@pec.example.it", json!(COMUNE));
    other["organization_id"] = json!(cast.unione.id.as_str());
    assert_eq!(belongs(other).await, cast.unione.id.as_str(), "said to belong to another");

    api.patch(&path, json!({"active": false})).await.expect(200);
    assert_eq!(belongs(body("e@pec.example.it", json!(COMUNE))).await, Value::Null, "the body is not active");
    api.patch(&path, json!({"active": true})).await.expect(200);
    api.post("/organizations", json!({"code": "doppio", "name": "Doppio", "tax_code": COMUNE})).await.expect(201);
    assert_eq!(belongs(body("f@pec.example.it", json!(COMUNE))).await, Value::Null, "two bodies have the code");
    app.end().await;
}

#[tokio::test]
async fn a_tax_code_is_found_however_it_is_typed_the_mailboxs_and_its_bodys() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let api = app.api(&cast.dario).await;
    api.patch(&format!("/organizations/{}", cast.comune.id), json!({"tax_code": COMUNE})).await.expect(200);
    let mut of_comune = body("comune@pec.example.it", json!(null));
    of_comune["organization_id"] = json!(cast.comune.id.as_str());
    api.post("/mailboxes", of_comune).await.expect(201);
    api.post("/mailboxes", body("rossi@pec.example.it", json!("RSSMRA80A01H501U"))).await.expect(201);
    for q in [COMUNE, "800 123 405 86", "IT80012340586", "it 800.123.405.86", "0012340", "borgo 12340"] {
        assert_eq!(addresses(&api, q).await, ["comune@pec.example.it"], "{q}");
    }
    for q in ["RSSMRA80A01H501U", "rss mra 80a01 h501u", "rssmra80", "mra 80a01"] {
        assert_eq!(addresses(&api, q).await, ["rossi@pec.example.it"], "{q}");
    }
    assert!(addresses(&api, "97123450583").await.is_empty());
    let console = app.browser(&cast.dario).await.get("/caselle?q=800%20123%20405%2086").await.expect(200);
    assert!(console.text.contains("comune@pec.example.it") && console.text.contains("Comune di Borgo Solare"));
    app.end().await;
}
