//! In charge of requests that have to do with each other (K13): said once, read on both, and only by who sees both.

use sportello::model::person::Role;

use serde_json::json;

use crate::support::app::TestApp;

#[tokio::test]
async fn what_requests_are_to_each_other_is_read_on_both_by_the_desk_alone() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let mut numbers = Vec::new();
    for subject in ["Server fermo", "Casella ferma", "Invio fermo"] {
        let made = elena.post("/tickets", json!({"subject": subject, "body": "B", "area": "pec"})).await.expect(201);
        numbers.push(made.json()["number"].as_str().unwrap().to_string());
    }
    let desk = app.browser(&cast.anna).await;
    let (parent, one, two) = (&*numbers[0], &*numbers[1], &*numbers[2]);
    let (page, save) = (format!("/operatore/{parent}"), format!("/operatore/{parent}/collegate"));
    for other in ["2026-2", two] {
        desk.post(&page, &save, &[("relation", "parent"), ("other", other)]).await.expect(303);
    }
    anna.post(&format!("/tickets/{one}/resolve"), json!({"solution": "Fatto"})).await.expect(200);
    let words = desk.get(&page).await.expect(200).words();
    assert!(words.contains(&format!("Principale di Casella ferma {one} Risolta")), "{words}");
    assert!(words.contains(&format!("Principale di Invio fermo {two} Nuova")), "{words}");
    let child = desk.get(&format!("/operatore/{two}")).await.expect(200).words();
    assert!(child.contains(&format!("Parte di Server fermo {parent}")) && child.contains("Collegamento: Parte di"));
    let theirs = app.browser(&cast.elena).await.get(&format!("/richieste/{two}")).await.expect(200).words();
    assert!(!theirs.contains("Server fermo") && !theirs.contains("Collegamento"), "it stays at the desk");

    // One relation between two: another takes its place, also said from the other side.
    let back = format!("/operatore/{two}");
    desk.post(&back, &format!("{back}/collegate"), &[("relation", "caused"), ("other", parent)]).await.expect(303);
    let words = desk.get(&page).await.expect(200).words();
    assert!(words.contains("Causa di Invio fermo") && !words.contains("Principale di Invio fermo"));
    for other in [parent, "TK-2026-999999", ""] {
        let wrong = desk.post(&page, &save, &[("relation", "related"), ("other", other)]).await.expect(422);
        assert!(wrong.leads_to("#other"), "{other}");
    }
    let remove = format!("{save}/{two}/togli");
    desk.post(&page, &remove, &[]).await.expect(303);
    assert!(!desk.get(&page).await.expect(200).words().contains("Causa di Invio fermo"));
    desk.post(&page, &remove, &[]).await.expect(303);
    let trace = app.database.texts("SELECT action FROM audit WHERE action LIKE 'ticket.%related' ORDER BY seq").await;
    assert_eq!(trace, ["ticket.related", "ticket.related", "ticket.related", "ticket.unrelated"]);
    app.end().await;
}

#[tokio::test]
async fn who_does_not_see_the_other_learns_nothing_of_it() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (dario, elena) = (app.api(&cast.dario).await, app.api(&cast.elena).await);
    dario.patch(&format!("/organizations/{}", cast.unione.id), json!({"areas": ["pec", "pki"]})).await.expect(200);
    let ivo = app.person(Role::Operator, "ivo", None).await;
    dario.patch(&format!("/users/{}", ivo.id), json!({"areas": ["pec"]})).await.expect(200);
    let mut numbers = Vec::new();
    for (subject, area) in [("Casella", "pec"), ("Firma segreta", "pki")] {
        let made = elena.post("/tickets", json!({"subject": subject, "body": "B", "area": area})).await.expect(201);
        numbers.push(made.json()["number"].as_str().unwrap().to_string());
    }
    let page = format!("/operatore/{}", numbers[0]);
    let (of_all, of_pec) = (app.browser(&cast.anna).await, app.browser(&ivo).await);
    let typed = [("relation", "related"), ("other", numbers[1].as_str())];
    let refused = of_pec.post(&page, &format!("{page}/collegate"), &typed).await.expect(422);
    assert!(refused.words().contains("Non c’è un’altra richiesta con questo numero"));
    // The address of a form that came back leads to the request, for who sees it.
    assert_eq!(of_pec.get(&format!("{page}/collegate")).await.expect(303).header("location"), page);
    of_pec.get(&format!("/operatore/{}/collegate", numbers[1])).await.expect(404);
    of_all.post(&page, &format!("{page}/collegate"), &typed).await.expect(303);
    assert!(of_all.get(&page).await.expect(200).text.contains("Firma segreta"));
    let seen = of_pec.get(&page).await.expect(200);
    assert!(!seen.text.contains("Firma segreta"), "{}", seen.text);
    of_pec.post(&page, &format!("{page}/collegate/{}/togli", numbers[1]), &[]).await.expect(404);
    app.end().await;
}
