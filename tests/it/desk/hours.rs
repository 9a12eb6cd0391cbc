//! In charge of service hours as the regional administrator changes them: what would move is shown first, what is saved moves the
//! open deadlines, also after a stop, and wrong or late changes lose nothing (S06, S07, S12).

use serde_json::json;

use super::clocks::rounds;
use crate::support::app::TestApp;
use crate::support::client::Api;

const PATH: &str = "/impostazioni/orari/assistenza";

/// The shipped form of the desk's hours, as it was changed so often, with other values for some fields.
fn form(revision: &'static str, with: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![("revision", revision), ("day_6", "08:00-14:00"), ("day_7", "")];
    fields.extend(["day_1", "day_2", "day_3", "day_4", "day_5"].map(|day| (day, "08:00-19:00")));
    fields.extend([
        ("target_critical_first_response", "0:30"),
        ("target_critical_next_update", "2:00"),
        ("target_critical_resolution", "4:00"),
        ("target_high_first_response", "1:00"),
        ("target_high_next_update", "4:00"),
        ("target_high_resolution", "8:00"),
        ("target_medium_first_response", "4:00"),
        ("target_medium_next_update", "11:00"),
        ("target_medium_resolution", "24:00"),
        ("target_low_first_response", "8:00"),
        ("target_low_next_update", "33:00"),
        ("target_low_resolution", "40:00"),
    ]);
    fields.retain(|(name, _)| !with.iter().any(|(known, _)| known == name));
    fields.extend_from_slice(with);
    fields
}

/// The patron's day of the day after the test's.
const PATRON: [(&str, &str); 3] =
    [("closure_0_name", "San Ranieri"), ("closure_0_first", "2026-06-16"), ("closure_0_yearly", "on")];

async fn due(api: &Api, path: &str) -> String {
    api.get(path).await.expect(200).json()["resolution_due_at"].as_str().unwrap_or_default().into()
}

fn previewed(page: &str) -> &str {
    let (_, after) = page.split_once("name=\"previewed\" value=\"").expect("a preview");
    after.split('"').next().unwrap_or_default()
}

#[tokio::test]
async fn a_patrons_day_shows_the_deadlines_that_it_moves_and_then_moves_them() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let dario = app.browser(&cast.dario).await;
    let open = async |subject: &str| {
        let made = elena.post("/tickets", json!({"subject": subject, "body": "B", "area": "pec"})).await.expect(201);
        format!("/tickets/{}", made.json()["number"].as_str().unwrap())
    };
    let (moves, waits, solved) = (open("Si sposta").await, open("Aspetta").await, open("È risolta").await);
    anna.post(&format!("{waits}/wait"), json!({"for": "requester", "reason": "Manca"})).await.expect(200);
    anna.post(&format!("{solved}/resolve"), json!({"solution": "Fatto"})).await.expect(200);
    assert_eq!(due(&anna, &moves).await, "2026-06-17T10:02:00Z");
    let updated = async || elena.get(&moves).await.expect(200).json()["updated_at"].clone();
    let before = updated().await;
    app.advance(std::time::Duration::from_secs(60));

    let page = dario.post(PATH, PATH, &form("0", &PATRON)).await.expect(200);
    let said = page.words();
    assert!(said.contains("Cambiano le scadenze di una richiesta") && said.contains("Si sposta"), "{said}");
    assert!(said.contains("Risoluzione entro: 17/06 12:02 → 18/06 12:02"), "{said}");
    assert!(!said.contains("in ritardo"), "{said}");
    assert!(!page.text.contains("Aspetta") && !page.text.contains("È risolta"));
    assert_eq!(due(&anna, &moves).await, "2026-06-17T10:02:00Z", "nothing is saved yet");
    let meant = previewed(&page.text).to_string();

    let mut other = form("0", &PATRON);
    other.retain(|(name, _)| *name != "day_6");
    other.extend([("day_6", "08:00-13:00"), ("previewed", meant.as_str())]);
    dario.post(PATH, PATH, &other).await.expect(200);
    assert_eq!(due(&anna, &moves).await, "2026-06-17T10:02:00Z", "what was not seen is not saved");

    let mut same = form("0", &PATRON);
    same.extend([("previewed", meant.as_str()), ("closure_3_name", ""), ("closure_3_first", "")]);
    dario.post(PATH, PATH, &same).await.expect(303);
    assert_eq!(due(&anna, &moves).await, "2026-06-18T10:02:00Z");
    assert_eq!(updated().await, before, "what the desk arranges moves nothing for who asked");
    let history = anna.get(&format!("{moves}/messages")).await.expect(200).text;
    assert!(history.contains("Scadenza: da 17/06 12:02 a 18/06 12:02"), "{history}");
    assert!(!elena.get(&format!("{moves}/messages")).await.expect(200).text.contains("Scadenza: da"));
    let traced = app.database.texts("SELECT detail FROM audit WHERE action = 'calendar.changed'").await;
    assert!(traced.len() == 1 && traced[0].contains("San Ranieri"), "{traced:?}");
    assert!(dario.get("/registro").await.expect(200).words().contains("Orari del servizio cambiati"));
    let calendar = anna.get("/calendars/assistenza").await.expect(200).text;
    assert!(calendar.contains("San Ranieri"), "{calendar}");
    assert!(!anna.get("/calendars/servizi").await.expect(200).text.contains("San Ranieri"));
    anna.post(&format!("{waits}/take"), json!({})).await.expect(200);
    assert_eq!(
        due(&anna, &waits).await,
        "2026-06-18T10:03:00Z",
        "what goes on goes on in the new hours, a minute stood still"
    );
    assert_eq!(due(&elena, &open("Nuova").await).await, "2026-06-18T10:03:00Z");
    app.end().await;
}

#[tokio::test]
async fn wrong_or_late_changes_save_nothing_and_keep_what_was_typed() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let dario = app.browser(&cast.dario).await;
    let wrong = [
        ("day_1", "dalle 8 alle 12"),
        ("day_2", "08:00-12:00, 11:00-13:00"),
        ("target_high_resolution", "otto"),
        ("closure_0_name", ""),
        ("closure_0_first", "2026-02-30"),
        ("closure_1_name", "Ferie"),
        ("closure_1_first", "2026-08-20"),
        ("closure_1_last", "2026-08-10"),
    ];
    let page = dario.post(PATH, PATH, &form("0", &wrong)).await.expect(422);
    for field in ["day_1", "day_2", "target_high_resolution", "closure_0_first", "closure_1_last"] {
        assert!(page.leads_to(&format!("#{field}")), "{field}: {}", page.words());
    }
    assert!(page.text.contains("dalle 8 alle 12") && page.text.contains("Ferie"), "typed texts stay");
    let nameless = form("0", &[("closure_0_first", "2026-06-16"), ("closure_1_name", "Ferie")]);
    let words = dario.post(PATH, PATH, &nameless).await.expect(422).words();
    assert!(
        words.contains("Dai un nome alla chiusura.") && words.contains("Scegli il primo giorno della chiusura."),
        "{words}"
    );
    let never = ["day_1", "day_2", "day_3", "day_4", "day_5", "day_6"].map(|day| (day, ""));
    assert!(dario.post(PATH, PATH, &form("0", &never)).await.expect(422).leads_to("#day_1"));
    assert_eq!(app.database.number("SELECT COUNT(*) FROM calendars").await, 0);

    for _ in 0..2 {
        let revision = if app.database.number("SELECT COUNT(*) FROM calendars").await == 0 { "0" } else { "1" };
        let with = if revision == "0" { [("day_7", "09:00-10:00")] } else { [("day_7", "09:00-11:00")] };
        let page = dario.post(PATH, PATH, &form(revision, &with)).await.expect(200);
        let meant = previewed(&page.text).to_string();
        let mut again = form(revision, &with);
        again.push(("previewed", &meant));
        dario.post(PATH, PATH, &again).await.expect(303);
    }
    for with in [[("day_7", "15:00-16:00"), ("day_5", "08:00-19:00")], [("day_7", "15:00-16:00"), ("day_5", "mai")]] {
        let late = dario.post(PATH, PATH, &form("1", &with)).await.expect(422);
        let told = late.words().contains("nel frattempo");
        assert!(late.text.contains("15:00-16:00") && late.leads_to("#day_1") && told, "{}", late.words());
    }
    let week = app.database.texts("SELECT week FROM calendars").await;
    assert!(week[0].contains("660") && !week[0].contains("960"), "{week:?}");
    dario.get("/impostazioni/orari/nessuno").await.expect(404);
    app.end().await;
}

#[tokio::test]
async fn what_a_stop_left_unmoved_moves_in_the_next_round() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    // The change was written, and the program stopped before it moved anything.
    let hour = "[{\"from\":480,\"to\":1140}]";
    let week = format!("[{hour},[],{hour},{hour},{hour},[],[]]");
    let targets = "[[30,120,240],[60,240,480],[240,660,1440],[480,1980,2400]]";
    let sql = format!("INSERT INTO calendars VALUES ('assistenza', '{week}', '[]', '{targets}', 1)");
    app.database.execute(&sql).await;
    assert_eq!(due(&anna, &path).await, "2026-06-17T10:02:00Z");
    assert_eq!(rounds(&app, "check-deadlines").await, 1);
    assert_eq!(due(&anna, &path).await, "2026-06-18T10:02:00Z");
    assert_eq!(rounds(&app, "check-deadlines").await, 0, "once");
    app.end().await;
}

#[tokio::test]
async fn what_would_be_late_no_longer_and_what_would_become_late_is_told_before() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    app.api(&cast.elena).await.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201);
    let said = async |time: &'static str| {
        let page = app.browser(&cast.dario).await;
        let typed = form("0", &[("target_medium_resolution", time)]);
        page.post(PATH, PATH, &typed).await.expect(200).words()
    };
    app.advance(std::time::Duration::from_secs(2 * 24 * 3600 - 3600));
    let sooner = said("12:00").await;
    assert!(sooner.contains("Una richiesta oggi nei tempi risulterebbe in ritardo"), "{sooner}");
    app.advance(std::time::Duration::from_secs(3 * 24 * 3600));
    let later = said("90:00").await;
    assert!(later.contains("Una richiesta oggi in ritardo risulterebbe nei tempi"), "{later}");
    assert!(later.contains("non più in ritardo"), "{later}");
    app.end().await;
}
