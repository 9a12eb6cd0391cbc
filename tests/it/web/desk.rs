//! In charge of the pages of the desk's own things: calls written down, answers that are ready, groups.

use serde_json::json;

use crate::support::app::TestApp;
use crate::support::builders::mailbox;

#[tokio::test]
async fn a_call_is_written_down_in_the_name_of_who_called() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let suap = mailbox("suap@pec.example.it").of(&cast.unione).insert(&app).await;
    let elena = app.api(&cast.elena).await;
    elena.post("/tickets", json!({"subject": "Già aperta", "body": "B", "area": "pec"})).await.expect(201);
    let browser = app.browser(&cast.anna).await;
    let path = "/operatore/telefonata";
    let found = browser.get(&format!("{path}?chi=elen")).await.expect(200).text.replace("&#x2F;", "/");
    let pressed = format!("name=\"caller\" value=\"{}\"", cast.elena.id);
    assert!(found.contains(&pressed) && found.contains("Unione dei Colli"));
    // By the body, or by the number of a request: her own is shown too.
    let asked = elena.get("/tickets?scope=mine").await.expect(200).json()["items"][0]["number"].clone();
    let number = asked.as_str().unwrap();
    let year = &number[3..7];
    let spoken = [format!("{year}-1"), format!("tk {year} 1"), "1".into(), "#1".into()];
    let mut typed = vec![("colli", false), ("elena colli", false), (number, true), (&number[8..], true)];
    typed.extend(spoken.iter().map(|one| (one.as_str(), true)));
    for (who, is_asked) in typed {
        let found = browser.get(&format!("{path}?chi={}", who.replace(' ', "+").replace('#', "%23"))).await.expect(200);
        let found = found.text.replace("&#x2F;", "/");
        assert!(found.contains(&pressed), "{who}");
        assert_eq!(found.contains(&format!("href=\"/operatore/{number}\"")), is_asked, "{who}");
        assert_eq!(found.contains("Nuova · elena · Unione dei Colli"), is_asked, "{who}");
    }
    let part = browser.get(&format!("{path}?chi=elen&frammento=1")).await.expect(200).text;
    assert!(part.contains("id=\"trovati\"") && !part.contains("<form") && part.contains(">elena</button>"), "{part}");
    // Whose mailbox it is may be chosen once the body is, whoever calls.
    let of_nobody = browser.get(path).await.expect(200).text;
    assert!(!of_nobody.contains("suap@pec.example.it"));
    let body = [("organization_id", cast.unione.id.as_str())];
    let with_body = browser.post(path, &format!("{path}/doppioni?frammento=1"), &body).await.expect(200).text;
    assert!(with_body.contains("suap@pec.example.it") && !with_body.contains("<form"), "{with_body}");
    // Who is chosen takes the place of who was typed, and nothing of what was said.
    let typed = [
        ("caller", cast.elena.id.as_str()),
        ("requester_email", "altra@example.org"),
        ("subject", "Non va"),
        ("body", "Da stamattina"),
    ];
    let chosen = browser.post(path, &format!("{path}/doppioni"), &typed).await.expect(200).text;
    for part in ["value=\"elena@example.org\"", "suap@pec.example.it", "value=\"Non va\"", ">Da stamattina</textarea>"]
    {
        assert!(chosen.contains(part), "{part}");
    }
    assert!(!chosen.contains("altra@example.org"));
    // Pressed by mistake it is somebody else, and what was said stays.
    let again = [
        ("caller", "-"),
        ("person_id", cast.elena.id.as_str()),
        ("requester_email", "elena@example.org"),
        ("body", "Da ieri"),
    ];
    let other = browser.post(path, &format!("{path}/doppioni"), &again).await.expect(200).text;
    assert!(other.contains(">Da ieri</textarea>") && other.contains("Comune") && !other.contains("elena@example.org"));
    assert!(!other.contains("name=\"person_id\""), "{other}");
    assert!(browser.get(&format!("{path}?chi=zzz")).await.expect(200).text.contains("Nessuno con questo nome"));
    let chosen = browser.get(&format!("{path}?persona={}", cast.elena.id)).await.expect(200);
    for part in ["value=\"elena@example.org\"", "suap@pec.example.it", "Già aperta"] {
        assert!(chosen.text.contains(part), "{part}");
    }
    let person = cast.elena.id.to_string();
    let wrong = [
        ("person_id", person.as_str()),
        ("requester_email", "nobody"),
        ("subject", "La PEC non parte"),
        ("channel", "phone"),
        ("severity", "low"),
    ];
    let again = browser.post(path, path, &wrong).await.expect(422);
    for part in ["value=\"La PEC non parte\"", "suap@pec.example.it", "href=\"#requester_email\"", "href=\"#body\""] {
        assert!(again.text.contains(part), "{part}");
    }
    assert!(browser.post(path, path, &[]).await.expect(422).text.contains("Scrivi l’indirizzo e-mail di chi chiama"));
    let good = [
        ("requester_email", "elena@example.org"),
        ("subject", "La PEC non parte"),
        ("body", "Da stamattina"),
        ("requester_phone", " 055 123 "),
        ("area", "pec"),
        ("channel", "phone"),
        ("severity", "critical"),
        ("mailbox_id", suap.id.as_str()),
        ("organization_id", cast.unione.id.as_str()),
    ];
    browser.post(path, path, &good).await.expect(303);
    let theirs = elena.get("/tickets?scope=mine").await.expect(200).json();
    let made = &theirs["items"][0];
    assert_eq!((made["channel"].as_str(), made["severity"].as_str()), (Some("phone"), Some("critical")), "{theirs}");
    assert_eq!(made["mailbox_ids"], json!([suap.id]));
    let said = elena.get(&format!("/tickets/{}/messages", made["number"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(said["items"][0]["body_text"], "Da stamattina\n\nTelefono: 055 123");
    // Of a body in which she does not work it would be others' to read.
    let other = cast.comune.id.to_string();
    let elsewhere: Vec<(&str, &str)> = good
        .iter()
        .map(|(name, value)| if *name == "organization_id" { (*name, other.as_str()) } else { (*name, *value) })
        .collect();
    let again = browser.post(path, path, &elsewhere).await.expect(422).text;
    assert!(again.contains("Questa persona non lavora in questo ente"), "{again}");
    // Somebody without an account.
    let stranger = [
        ("requester_email", "x@example.net"),
        ("requester_name", "Xenia"),
        ("subject", "S"),
        ("body", "B"),
        ("area", "pki"),
        ("channel", "phone"),
        ("severity", "low"),
    ];
    browser.post(path, path, &stranger).await.expect(303);
    let latest = app.api(&cast.anna).await.get("/tickets?limit=1").await.json();
    assert_eq!(latest["items"][0]["requester"]["name"], "Xenia");
    app.end().await;
}

#[tokio::test]
async fn answers_and_groups_are_kept_on_their_pages() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (anna, dario) = (app.browser(&cast.anna).await, app.browser(&cast.dario).await);
    let list = "/operatore/risposte-pronte";
    let new = format!("{list}/nuova");
    let again = anna.post(&new, list, &[("title", ""), ("body", "Un testo lungo"), ("area", "x")]).await.expect(422);
    assert!(again.text.contains("Un testo lungo</textarea>") && again.text.contains("href=\"#title\""));
    anna.post(&new, list, &[("title", "Password"), ("body", "Gentile {{richiedente}}"), ("area", "pec")])
        .await
        .expect(303);
    let page = anna.get(list).await.expect(200).text.replace("&#x2F;", "/");
    let one = format!(
        "{list}/{}",
        page.split(&format!("{list}/")).filter_map(|rest| rest.split('"').next()).find(|id| id.len() == 32).unwrap()
    );
    anna.post(&one, &one, &[("title", "Password scaduta"), ("body", "Altro"), ("area", "")]).await.expect(303);
    assert!(anna.get(list).await.expect(200).text.contains("Password scaduta"));
    anna.post(&one, &format!("{one}/elimina"), &[]).await.expect(303);
    assert!(anna.get(list).await.expect(200).text.contains("Ancora nessuna risposta pronta"));

    let list = "/operatore/gruppi";
    let new = format!("{list}/nuovo");
    let member = cast.anna.id.to_string();
    let again = dario.post(&new, list, &[("name", ""), ("member_ids", &member)]).await.expect(422);
    assert!(again.text.contains(&format!("value=\"{member}\" checked")));
    dario
        .post(
            &new,
            list,
            &[("name", "Firma digitale"), ("area", "pki"), ("leader_id", &member), ("member_ids", &member)],
        )
        .await
        .expect(303);
    let seen = anna.get(list).await.expect(200).text.replace("&#x2F;", "/");
    assert!(
        seen.contains("Firma digitale") && !seen.contains("gruppi/nuovo"),
        "an operator sees them, and changes none"
    );
    let page = dario.get(list).await.expect(200).text.replace("&#x2F;", "/");
    let one = format!(
        "{list}/{}",
        page.split(&format!("{list}/")).filter_map(|rest| rest.split('"').next()).find(|id| id.len() == 32).unwrap()
    );
    anna.get(&one).await.expect(403);
    dario.post(&one, &one, &[("name", "Firma digitale"), ("area", ""), ("leader_id", "")]).await.expect(303);
    let group = app.api(&cast.dario).await.get("/groups").await.json()["items"][0].clone();
    assert_eq!((&group["member_ids"], &group["leader_id"], &group["area"]), (&json!([]), &json!(null), &json!(null)));
    app.end().await;
}

#[tokio::test]
async fn several_requests_are_worked_on_at_once_with_an_outcome_for_each() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna, dario) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.dario).await);
    let mut numbers = Vec::new();
    for one in 0..4 {
        let body = json!({"subject": format!("Richiesta {one}"), "body": "B", "area": "pec"});
        let made = elena.post("/tickets", body).await.expect(201).json();
        numbers.push(made["number"].as_str().unwrap().to_string());
    }
    let path = |one: usize| format!("/tickets/{}", numbers[one]);
    let browser = app.browser(&cast.anna).await;
    let send = async |fields: &[(&str, &str)]| {
        let chosen = numbers.iter().map(|number| ("scelta", number.as_str()));
        let fields: Vec<(&str, &str)> = chosen.chain(fields.iter().copied()).collect();
        browser.post("/operatore", "/operatore/insieme", &fields).await
    };
    send(&[("azione", "gravita"), ("gravita", "low"), ("torna", "/operatore?vista=mie")]).await.expect(303);
    send(&[("azione", "etichetta"), ("etichetta", "campagna")]).await.expect(303);
    assert_eq!(anna.get(&path(3)).await.json()["severity"], "low");
    let tagged = anna.get("/tickets?tag=campagna").await.expect(200).json();
    assert_eq!(tagged["items"].as_array().unwrap().len(), 4);
    assert_eq!(
        elena.get("/tickets?tag=nessuna").await.json()["items"].as_array().unwrap().len(),
        4,
        "tags are the desk's"
    );
    assert!(!browser.get("/operatore?etichetta=altra").await.expect(200).text.contains(&numbers[0]));
    // One is a colleague's already, one is solved: each says why, the others are done.
    dario.post(&format!("{}/take", path(0)), json!({})).await.expect(200);
    anna.post(&format!("{}/resolve", path(1)), json!({"solution": "Fatto"})).await.expect(200);
    let told = send(&[("azione", "prendi")]).await.expect(200);
    let words = told.words();
    assert!(words.contains("2 aggiornate, 2 non riuscite"), "{words}");
    assert!(
        words.contains("Un collega l’ha presa in carico") && words.contains("Lo stato della richiesta non lo consente"),
        "{words}"
    );
    for one in [2, 3] {
        assert_eq!(anna.get(&path(one)).await.json()["assignee_id"], json!(cast.anna.id));
    }
    // Without what it needs nothing is done.
    send(&[("azione", "annulla")]).await.expect(303);
    assert_eq!(anna.get(&path(2)).await.json()["state"], "open");
    // What one does not see is not there.
    dario.patch(&format!("/users/{}", cast.anna.id), json!({"areas": ["pki"]})).await.expect(200);
    let told = send(&[("azione", "annulla"), ("motivo", "Doppie")]).await.expect(200).words();
    assert!(told.contains("0 aggiornate, 0 non riuscite"), "{told}");
    assert_eq!(dario.get(&path(2)).await.json()["state"], "open");
    app.end().await;
}

#[tokio::test]
async fn what_was_begun_comes_back_to_its_author_and_to_nobody_else() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let page = format!("/operatore/{}", made["number"].as_str().unwrap());
    let (here, elsewhere, other) =
        (app.browser(&cast.anna).await, app.browser(&cast.anna).await, app.browser(&cast.dario).await);
    let keep = async |kind: &str, text: &str| {
        here.post(&page, &format!("{page}/bozza"), &[("kind", kind), ("body_text", text)]).await
    };
    keep("public", "Una risposta a metà").await.expect(303);
    keep("public", "Una risposta quasi finita").await.expect(303);
    keep("internal", "Una nota a metà").await.expect(303);
    assert_eq!(keep("event", "x").await.status, 400);
    let shown = elsewhere.get(&page).await.expect(200).text;
    assert!(shown.contains("Una risposta quasi finita</textarea>") && shown.contains("Una nota a metà</textarea>"));
    for other in [
        other.get(&page).await.expect(200).text,
        app.browser(&cast.elena).await.get(&page.replace("operatore", "richieste")).await.expect(200).text,
    ] {
        assert!(!other.contains("quasi finita") && !other.contains("nota a metà"));
    }
    assert!(
        !elena.get(&format!("/tickets/{}/messages", made["number"].as_str().unwrap())).await.text.contains("quasi")
    );
    // Said, it is no draft any more; the other one stays.
    let said = [("kind", "public"), ("body_text", "Una risposta finita")];
    here.post(&page, &format!("{page}/risposta"), &said).await.expect(303);
    let shown = elsewhere.get(&page).await.expect(200).text;
    assert!(!shown.contains("quasi finita") && shown.contains("Una nota a metà</textarea>"));
    keep("internal", " ").await.expect(303);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM ticket_drafts").await, 0);
    anna.get(&format!("/tickets/{}", made["number"].as_str().unwrap())).await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn who_is_there_is_told_and_gone_when_the_lid_is_closed() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let elena = app.api(&cast.elena).await;
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let page = format!("/operatore/{}", made["number"].as_str().unwrap());
    let (anna, dario) = (app.browser(&cast.anna).await, app.browser(&cast.dario).await);
    let says = async |browser: &crate::support::client::Browser, writes: &str| {
        let path = format!("{page}/presenza");
        browser.post(&page, &path, &[("scrive", writes)]).await.expect(200).json()["text"].as_str().unwrap().to_string()
    };
    assert_eq!(says(&anna, "0").await, "");
    assert_eq!(says(&dario, "0").await, "anna sta leggendo");
    assert_eq!(says(&anna, "1").await, "dario sta leggendo");
    assert_eq!(says(&dario, "0").await, "anna sta scrivendo");
    app.advance(std::time::Duration::from_secs(13));
    assert_eq!(says(&dario, "0").await, "", "nobody has said anything since");
    app.end().await;
}

#[tokio::test]
async fn figures_are_of_what_one_sees_and_lead_to_what_was_counted() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna, carla) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.carla).await);
    for (api, count) in [(&elena, 3), (&carla, 2)] {
        for one in 0..count {
            let body = json!({"subject": format!("S{one}"), "body": "B", "area": "pec"});
            api.post("/tickets", body).await.expect(201);
        }
    }
    anna.post("/tickets/TK-2026-000001/take", json!({})).await.expect(200);
    app.advance(std::time::Duration::from_secs(26 * 3600));
    anna.post("/tickets/TK-2026-000002/take", json!({})).await.expect(200);
    anna.post("/tickets/TK-2026-000001/resolve", json!({"solution": "Fatto"})).await.expect(200);
    let browser = app.browser(&cast.anna).await;
    let page = browser.get("/cruscotto").await.expect(200);
    let words = page.words();
    assert!(words.contains("Richieste nel periodo 5"), "{words}");
    // One answered in time, one late, three not answered whose time is over.
    assert!(words.contains("Prima risposta 1 4") && words.contains("Risoluzione 1 0"), "{words}");
    assert!(
        words.contains("Prima risposta nei tempi 20 %") && words.contains("Risoluzione nei tempi 100 %"),
        "{words}"
    );
    // Five came on the first of two days, by the API; four are open at the end of the second.
    assert!(words.contains("Giorno API Totale") && words.contains("15/06 5 5 16/06 0 0"), "{words}");
    assert!(words.contains("15/06 5 16/06 4") && words.contains("Ancora aperte alla fine del periodo 4"), "{words}");
    assert!(page.text.contains("<rect class=\"f1\"") && page.text.contains("role=\"img\" aria-label=\"Grafico"));
    for (tempi, number, others) in
        [("prima-risposta-mancata", "000002", "000001"), ("risoluzione-nei-tempi", "000001", "000002")]
    {
        let behind = browser.get(&format!("/operatore?vista=tutte&tempi={tempi}")).await.expect(200).text;
        assert!(behind.contains(&format!("TK-2026-{number}")) && !behind.contains(&format!("TK-2026-{others}")));
        assert!(behind.contains(&format!("name=\"tempi\" value=\"{tempi}\"")), "the form keeps it: {behind}");
    }
    let links = page.text.replace("&#x2F;", "/").replace("&amp;", "&").replace("&#x3D;", "=");
    let href =
        links.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|href| href.contains("stato=resolved"));
    let behind = browser.get(href.expect("a link to what is solved")).await.expect(200).text;
    assert!(behind.contains("TK-2026-000001") && !behind.contains("TK-2026-000002"));
    let file = browser.get("/cruscotto.csv").await.expect(200).text;
    assert!(file.contains("Richieste nel periodo;;5\r\n") && file.contains("Per stato;Nuova;3"), "{file}");
    assert!(file.contains("Richieste al giorno per canale: API;2026-06-15;5\r\n"), "{file}");
    assert!(file.contains("Arretrato a fine giornata;2026-06-16;4\r\n"), "{file}");
    // The sum of the channels is the total; a body's administrator counts its own.
    let theirs = app.browser(&cast.carla).await.get("/cruscotto").await.expect(200).words();
    assert!(theirs.contains("Richieste nel periodo 2"), "{theirs}");
    let before = browser.get("/cruscotto?dal=2020-01-01&al=2020-12-31").await.expect(200).words();
    assert!(before.contains("Richieste nel periodo 0"));
    for wrong in ["dal=x", "dal=2026-06-20&al=2026-06-01", "al=%00"] {
        assert!(
            browser.get(&format!("/cruscotto?{wrong}")).await.expect(200).words().contains("Il periodo non è valido")
        );
    }
    app.end().await;
}
