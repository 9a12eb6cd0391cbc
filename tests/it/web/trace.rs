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
