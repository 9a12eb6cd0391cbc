//! In charge of the trace's page: its export runs nothing in a spreadsheet, its check tells the truth, and a person finds the own
//! last seven days on the profile (T11).

use std::time::Duration;

use serde_json::json;

use crate::support::app::TestApp;

#[tokio::test]
async fn the_export_runs_nothing_in_a_spreadsheet() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let api = app.api(&cast.dario).await;
    let name = "=HYPERLINK(\"http://evil.example\";\"x\")";
    api.post("/organizations", json!({"code": "=1+1", "name": name})).await;
    api.post("/organizations", json!({"code": "c_z1", "name": name})).await.expect(201);
    let sheet = app.browser(&cast.ugo).await.get("/registro.csv").await.expect(200);
    assert!(sheet.header("content-disposition").contains("attachment"));
    assert!(sheet.header("content-type").starts_with("text/csv"));
    for cell in sheet.text.lines().flat_map(|line| line.split(';')) {
        let begins = cell.trim_start_matches('"').chars().next().unwrap_or(' ');
        assert!(!"=+-@\t".contains(begins), "{cell}");
    }
    assert!(sheet.text.contains("organization.created"));
    app.end().await;
}

#[tokio::test]
async fn the_check_says_whether_the_trace_is_whole() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.ugo).await;
    let sound = browser.post("/registro", "/registro/verifica", &[]).await.expect(200);
    assert!(sound.text.contains("sp-note ok") || sound.words().contains("integro"), "{}", sound.words());
    let kept = app.database.texts("SELECT detail FROM audit WHERE seq = 3").await;
    app.database.execute("UPDATE audit SET detail = 'altro' WHERE seq = 3").await;
    let broken = browser.post("/registro", "/registro/verifica", &[]).await.expect(200);
    assert_ne!(sound.words(), broken.words());
    assert!(broken.words().contains('3'), "the first bad row is named: {}", broken.words());
    app.database.execute(&format!("UPDATE audit SET detail = '{}' WHERE seq = 3", kept[0].replace('\'', "''"))).await;
    app.end().await;
}

#[tokio::test]
async fn a_person_finds_the_own_last_seven_days() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.anna).await;
    let rows = async || browser.get("/profilo").await.expect(200).words().matches("Accesso").count();
    let with_log_in = rows().await;
    app.advance(Duration::from_secs(8 * 24 * 3600));
    let later = app.browser(&cast.anna).await;
    let words = later.get("/profilo").await.expect(200).words();
    assert!(with_log_in > 0 && !words.contains("15/06/2026"), "{words}");
    assert!(!words.contains("dario@example.org"), "nobody else's");
    app.end().await;
}

#[tokio::test]
async fn codes_are_told_in_words_and_faults_in_the_readers_language() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (dario, elena, anna) = (app.api(&cast.dario).await, app.api(&cast.elena).await, app.api(&cast.anna).await);
    let one = crate::support::builders::mailbox("suap@pec.example.it")
        .of(&cast.comune)
        .with(|one| {
            one.facts.status = sportello::model::mailbox::Status::Unreachable;
            one.facts.status_detail = Some("@no-answer-within 30s".into());
        })
        .insert(&app)
        .await;
    let old = crate::support::builders::mailbox("vecchia@pec.example.it")
        .with(|one| {
            one.facts.status = sportello::model::mailbox::Status::Unreachable;
            one.facts.status_detail = Some("Parole di prima".into());
        })
        .insert(&app)
        .await;
    let detail = async |id: &str| dario.mailbox(id).await["status_detail"].as_str().unwrap().to_string();
    assert_eq!(detail(one.id.as_str()).await, "Il server non ha risposto entro 30s");
    assert_eq!(detail(old.id.as_str()).await, "Parole di prima", "what was kept before is shown as it is");
    let browser = app.browser(&cast.dario).await;
    let card = format!("/caselle/{}/scheda", one.id);
    assert!(browser.get(&card).await.expect(200).text.contains("Il server non ha risposto entro 30s"));
    dario.patch(&format!("/users/{}", cast.dario.id), json!({"language": "en"})).await.expect(200);
    assert!(browser.get(&card).await.expect(200).text.contains("The server has not answered within 30s"));
    assert_eq!(detail(one.id.as_str()).await, "The server has not answered within 30s");

    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    anna.post(&format!("{path}/resolve"), json!({"solution": "Fatto"})).await.expect(200);
    let page = app.browser(&cast.ugo).await.get("/registro?azione=ticket.resolved").await.expect(200).text;
    assert!(page.contains("Nuova → Risolta") && !page.contains("new → resolved"), "{page}");
    assert!(page.contains("<option value=\"ticket.resolved\" selected>"));
    app.end().await;
}

#[tokio::test]
async fn the_page_speaks_the_readers_words_and_the_file_those_that_are_stored() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (anna, elena) = (app.api(&cast.anna).await, app.api(&cast.elena).await);
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    anna.patch(&path, json!({"severity": "critical"})).await.expect(200);
    anna.post(&format!("{path}/resolve"), json!({"solution": "Fatto."})).await.expect(200);
    let dario = app.api(&cast.dario).await;
    dario.ask("POST", "/jobs/refresh-mailboxes/run").await.expect(202);
    let browser = app.browser(&cast.ugo).await;
    let page = browser.get("/registro").await.expect(200);
    let words = page.words();
    for said in [
        "Gravità: Medio → Critico/Bloccante; Scadenza: 17/06 12:02 → 15/06 14:02",
        "Nuova → Risolta",
        "S, Medio, PEC",
        "Aggiornamento delle caselle",
        "Sistema",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(page.text.contains("<option value=\"ticket.resolved\">Richiesta risolta</option>"));
    let file = browser.get("/registro.csv").await.expect(200).text;
    assert!(file.contains("new → resolved") && file.contains("refresh-mailboxes"), "{file}");
    let found = browser.get("/registro?chi=Sistema").await.expect(200).text;
    assert!(found.contains("title=\"user.created\"") && !found.contains("title=\"ticket."), "{found}");
    // A part of a name is enough, on what it was done or in what is told of it; days the wrong way round are told.
    let part = browser.get("/registro?chi=ANNA%40&su=risol").await.expect(200);
    assert!(part.words().contains("Nessuna"), "{}", part.words());
    let part = browser.get("/registro?chi=ANNA%40&su=tk-2026").await.expect(200).text;
    assert!(part.contains("title=\"ticket.resolved\"") && !part.contains("title=\"ticket.created\""), "{part}");
    app.organization("usl9", "UNITÀ SANITARIA").await;
    for typed in ["UNIT%C3%80", "unit", "sanitaria"] {
        let found = browser.get(&format!("/registro?su={typed}")).await.expect(200).text;
        assert!(found.contains("title=\"organization.created\""), "{typed}: {found}");
    }
    let turned = browser.get("/registro?dal=2026-06-02&al=2026-06-01").await.expect(200);
    assert!(turned.words().contains("Il primo giorno viene dopo l’ultimo"));
    assert!(browser.get("/registro?azione=ticket.resolved").await.words().contains("Nuova → Risolta"));
    app.end().await;
}
