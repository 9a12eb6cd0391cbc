//! In charge of fields that the form of an area asks for (K17): asked of that area alone, by every door; what was answered stays as it
//! was, whatever becomes of its field.

use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::cast::Cast;
use crate::support::client::{Api, Browser};

const LIST: &str = "/impostazioni/campi";
const NEW: &str = "/impostazioni/campi/nuovo";

/// A field as its form sends it: a line of text for PKI, in use.
pub fn field<'f>(with: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut fields =
        vec![("label", "Numero di serie"), ("area", "pki"), ("kind", "text"), ("position", "10"), ("active", "on")];
    fields.retain(|(name, _)| !with.iter().any(|(known, _)| known == name));
    fields.extend_from_slice(with);
    fields
}

/// Makes a field. Its id.
pub async fn made(app: &TestApp, by: &Browser, with: &[(&str, &str)]) -> String {
    by.post(NEW, LIST, &field(with)).await.expect(303);
    app.database.texts("SELECT id FROM request_fields ORDER BY id DESC LIMIT 1").await.remove(0)
}

/// Changes a field as who has just opened its form.
async fn changed(by: &Browser, id: &str, with: &[(&str, &str)]) {
    let path = format!("{LIST}/{id}");
    let page = by.get(&path).await.expect(200).text;
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut fields = field(with);
    fields.push(("seen", seen));
    by.post(&path, &path, &fields).await.expect(303);
}

/// Elena's body asks for help in both areas.
async fn both_areas(by: &Api, cast: &Cast) {
    by.patch(&format!("/organizations/{}", cast.unione.id), json!({"areas": ["pec", "pki"]})).await.expect(200);
}

fn asking<'f>(area: &'f str, with: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut fields = vec![("area", area), ("kind", "incident"), ("priority", "low"), ("subject", "Aiuto")];
    fields.push(("body", "Da stamattina."));
    fields.extend_from_slice(with);
    fields
}

fn said(ticket: &Value) -> Vec<(&str, &str)> {
    let fields = ticket["fields"].as_array().expect("fields");
    fields.iter().map(|one| (one["label"].as_str().unwrap(), one["value"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn a_field_is_asked_in_the_form_of_its_area_and_what_was_answered_outlives_it() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (dario, api) = (app.browser(&cast.dario).await, app.api(&cast.dario).await);
    let (elena, anna) = (app.browser(&cast.elena).await, app.api(&cast.anna).await);
    let id = made(&app, &dario, &[("required", "on"), ("help", "È scritto sotto il dispositivo.")]).await;
    let name = format!("fields_{id}");
    let new = "/richieste/nuova";
    assert!(!elena.get(new).await.expect(200).text.contains(&name), "her body has no PKI: nothing is asked for it");
    both_areas(&api, &cast).await;
    let page = elena.get(new).await.expect(200);
    let part = page.text.split("data-of-area=\"pki\"").nth(1).expect("a part of PKI's").split("</fieldset>").next();
    assert!(part.unwrap().contains(&name) && page.words().contains("È scritto sotto il dispositivo."));

    elena.post(new, "/richieste", &asking("pec", &[])).await.expect(303);
    let again = elena.post(new, "/richieste", &asking("pki", &[(&name, "")])).await.expect(422);
    assert!(again.leads_to(&format!("#{name}")), "{}", again.text);
    let marked = again.text.split(&format!("id=\"{name}\"")).nth(1).unwrap().split('>').next().unwrap();
    assert!(marked.contains("aria-invalid=\"true\""), "{marked}");
    assert!(again.text.contains("Da stamattina.</textarea>") && again.text.contains("value=\"Aiuto\""), "it is kept");
    elena.post(new, "/richieste", &asking("pki", &[(&name, "AB-1")])).await.expect(303);
    let number = "TK-2026-000002";
    assert_eq!(said(&anna.get(&format!("/tickets/{number}")).await.expect(200).json()), [("Numero di serie", "AB-1")]);

    changed(&dario, &id, &[("label", "Matricola")]).await;
    elena.post(new, "/richieste", &asking("pki", &[(&name, "CD-2")])).await.expect(303);
    let path = format!("{LIST}/{id}");
    let removed = dario.post(&path, &format!("{path}/elimina"), &[]).await.expect(303);
    assert_eq!(removed.header("location"), LIST);
    assert!(!elena.get(new).await.expect(200).text.contains(&name), "it is asked no longer");
    elena.post(new, "/richieste", &asking("pki", &[])).await.expect(303);
    let desk = app.browser(&cast.anna).await;
    for (browser, page) in [(&elena, "/richieste"), (&desk, "/operatore"), (&desk, "/richieste")] {
        let page = browser.get(&format!("{page}/{number}")).await.expect(200).words();
        assert!(page.contains("Numero di serie") && page.contains("AB-1"), "as it was asked: {page}");
    }
    assert_eq!(said(&anna.get("/tickets/TK-2026-000003").await.expect(200).json()), [("Matricola", "CD-2")]);
    let acts = app.database.texts("SELECT action FROM audit WHERE action LIKE 'request-field%' ORDER BY seq").await;
    assert_eq!(acts, ["request-field.created", "request-field.changed", "request-field.removed"]);
    app.end().await;
}

#[tokio::test]
async fn the_api_asks_the_same_and_says_every_wrong_answer() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (dario, api) = (app.browser(&cast.dario).await, app.api(&cast.dario).await);
    both_areas(&api, &cast).await;
    let serial = made(&app, &dario, &[("required", "on"), ("label_en", "Serial number")]).await;
    let choice =
        [("label", "Dispositivo"), ("kind", "choice"), ("options", "Token USB\nFirma remota"), ("position", "5")];
    let which = made(&app, &dario, &choice).await;
    let of_pec = made(&app, &dario, &[("label", "Casella"), ("area", "pec")]).await;
    let off = made(&app, &dario, &[("label", "Spento"), ("required", "on"), ("active", "")]).await;
    let elena = app.api(&cast.elena).await;
    let list = elena.get("/request-fields").await.expect(200).json();
    let labels: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|one| one["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["Casella", "Dispositivo", "Numero di serie"]);
    assert_eq!(list["items"][1]["options"], json!(["Token USB", "Firma remota"]));

    let body = |area: &str, fields: Value| json!({"subject": "S", "body": "B", "area": area, "fields": fields});
    let wrong = body("pki", json!({which.clone(): "Altro", of_pec.clone(): "x", off.clone(): "x"}));
    let wrong = elena.post("/tickets", wrong).await.expect(422).json();
    let told: Vec<&str> =
        wrong["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    for id in [&serial, &which, &of_pec, &off] {
        assert!(told.contains(&format!("fields.{id}").as_str()), "{id} is not among {told:?}");
    }
    assert_eq!(told.len(), 4);
    elena.post("/tickets", body("pki", json!("x"))).await.expect(422);
    let english = json!({"language": "en"});
    api.patch(&format!("/users/{}", cast.elena.id), english).await.expect(200);
    let missing = elena.post("/tickets", body("pki", json!({}))).await.expect(422).text;
    assert!(missing.contains("Fill in “Serial number”."), "{missing}");

    let made = elena.post("/tickets", body("pki", json!({serial.clone(): " AB-1 ", which.clone(): "Firma remota"})));
    let made = made.await.expect(201).json();
    assert_eq!(said(&made), [("Dispositivo", "Firma remota"), ("Serial number", "AB-1")], "in the form's order");
    elena.post("/tickets", body("pec", json!({}))).await.expect(201);

    // The desk writes down what another said.
    let anna = app.api(&cast.anna).await;
    anna.post("/tickets", json!({"subject": "S", "body": "B", "area": "pki"})).await.expect(422);
    let found = anna.get("/tickets?q=ab-1").await.expect(200).json();
    assert_eq!(found["items"][0]["number"], made["number"], "it is found by what was answered");
    let call = json!({"subject": "S", "body": "B", "area": "pki", "channel": "phone", "requester": {"email": "x@example.net"}});
    anna.post("/tickets", call).await.expect(201);
    let phone = app.browser(&cast.anna).await;
    let page = phone.get("/operatore/telefonata").await.expect(200).text;
    assert!(page.contains(&format!("id=\"fields_{serial}\"")));
    let call = [
        ("area", "pki"),
        ("requester_email", "y@example.net"),
        ("severity", "low"),
        ("channel", "phone"),
        ("subject", "S"),
        ("body", "B"),
    ];
    phone.post("/operatore/telefonata", "/operatore/telefonata", &call).await.expect(303);
    app.end().await;
}

#[tokio::test]
async fn who_does_not_answer_for_the_desk_is_not_told_of_a_field_and_nobody_writes_over_anothers_change() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let dario = app.browser(&cast.dario).await;
    let id = made(&app, &dario, &[]).await;
    let path = format!("{LIST}/{id}");
    for person in [&cast.anna, &cast.carla, &cast.elena, &cast.ugo] {
        app.browser(person).await.get(&path).await.expect(404);
    }
    let page = dario.post(NEW, LIST, &field(&[])).await.expect(422);
    assert!(page.leads_to("#label") && page.words().contains("Valore già in uso"), "one label for each area");
    dario.post(NEW, LIST, &field(&[("area", "pec")])).await.expect(303);
    let page = dario.post(NEW, LIST, &field(&[("label", "Scelta"), ("kind", "choice")])).await.expect(422);
    assert!(page.leads_to("#options"));
    let old = field(&[("label", "Altro"), ("seen", "0000")]);
    let page = dario.post(&path, &path, &old).await.expect(422);
    assert!(page.words().contains("Qualcun altro ha modificato questo dato"), "{}", page.words());
    app.end().await;
}
