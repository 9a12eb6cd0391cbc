//! In charge of requests for a password that was lost (F09): how long it takes is said in working days, before and after.

use serde_json::json;

use crate::support::app::TestApp;

const BY: &str = "entro giovedì 18 giugno (3 giorni lavorativi)";
const DUE: &str = "2026-06-18T16:00:00Z";

#[tokio::test]
async fn a_password_that_was_lost_is_due_in_working_days_whatever_its_severity() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.browser(&cast.elena).await, app.api(&cast.anna).await);
    let new = "/richieste/nuova";
    let page = elena.get(new).await.expect(200).words();
    assert!(page.contains("circa 3 giorni lavorativi (chiesto adesso, entro giovedì 18 giugno)"), "before: {page}");
    let phone = app.browser(&cast.anna).await.get("/operatore/telefonata").await.expect(200).words();
    assert!(phone.contains("entro giovedì 18 giugno"), "the desk can say it: {phone}");
    let typed = [("area", "pec"), ("kind", "password_lost"), ("priority", "low"), ("subject", "Password")];
    let again = elena.post(new, "/richieste", &typed).await.expect(422);
    assert!(again.text.contains("value=\"password_lost\" selected"), "what was chosen is kept");
    let whole: Vec<(&str, &str)> = typed.into_iter().chain([("body", "Non la trovo più.")]).collect();
    elena.post(new, "/richieste", &whole).await.expect(303);
    let path = "/tickets/TK-2026-000001";
    let ticket = anna.get(path).await.expect(200).json();
    assert_eq!((&ticket["kind"], &ticket["category"]), (&json!("service_request"), &json!("password_lost")));
    assert_eq!(ticket["resolution_due_at"], DUE);
    for (by, page) in [(&cast.elena, "/richieste"), (&cast.anna, "/operatore")] {
        let page = app.browser(by).await.get(&format!("{page}/TK-2026-000001")).await.expect(200).words();
        assert!(page.contains(BY), "{page}");
    }
    let graver = anna.patch(path, json!({"severity": "critical"})).await.expect(200).json();
    assert_eq!(graver["resolution_due_at"], DUE);

    // The desk sees that it is something else.
    let desk = app.browser(&cast.anna).await;
    let page = "/operatore/TK-2026-000001";
    let change = |kind| {
        [
            ("kind", kind),
            ("severity", "critical"),
            ("area", "pec"),
            ("assignee_id", ""),
            ("group_id", ""),
            ("tags", ""),
            ("cc", ""),
        ]
    };
    desk.post(page, &format!("{page}/dati"), &change("incident")).await.expect(303);
    let other = anna.get(path).await.expect(200).json();
    assert_eq!((&other["kind"], &other["category"]), (&json!("incident"), &json!(null)));
    assert_eq!(other["resolution_due_at"], "2026-06-15T12:02:00Z", "four hours of the desk");
    assert!(!elena.get("/richieste/TK-2026-000001").await.expect(200).words().contains("giorni lavorativi"));
    desk.post(page, &format!("{page}/dati"), &change("password_lost")).await.expect(303);
    let back = anna.get(path).await.expect(200).json();
    assert_eq!((&back["category"], &back["resolution_due_at"]), (&json!("password_lost"), &json!(DUE)));
    let history = desk.get(page).await.expect(200).words();
    assert!(history.contains("Categoria: nessuna, prima «Password smarrita»"), "in words: {history}");
    app.end().await;
}

#[tokio::test]
async fn a_closure_of_the_services_moves_what_is_promised_in_their_days() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, dario) = (app.api(&cast.elena).await, app.browser(&cast.dario).await);
    let body =
        json!({"subject": "S", "body": "B", "area": "pec", "kind": "service_request", "category": "password_lost"});
    assert_eq!(elena.post("/tickets", body).await.expect(201).json()["resolution_due_at"], DUE);
    elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201);
    let path = "/impostazioni/orari/servizi";
    let week = "08:30-12:30, 15:00-18:00";
    let fields = [
        ("revision", "0"),
        ("day_1", week),
        ("day_2", week),
        ("day_3", week),
        ("day_4", week),
        ("day_5", week),
        ("closure_0_name", "Ponte"),
        ("closure_0_first", "2026-06-17"),
        ("closure_0_last", "2026-06-17"),
    ];
    let seen = dario.post(path, path, &fields).await.expect(200);
    assert!(seen.words().contains("TK-2026-000001") && !seen.words().contains("TK-2026-000002"), "{}", seen.words());
    let meant = seen.text.split("name=\"previewed\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let sure: Vec<(&str, &str)> = fields.into_iter().chain([("previewed", meant)]).collect();
    dario.post(path, path, &sure).await.expect(303);
    let moved = elena.get("/tickets/TK-2026-000001").await.expect(200).json();
    assert_eq!(moved["resolution_due_at"], "2026-06-19T16:00:00Z");
    app.end().await;
}
