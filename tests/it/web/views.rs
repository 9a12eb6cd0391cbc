//! In charge of the views of queue and console that people save (H35): found again by whom they are for, holding only the page's own
//! words, removed by their owner alone.

use sportello::model::person::Role;

use crate::support::app::TestApp;

#[tokio::test]
async fn a_view_of_the_queue_is_saved_shared_and_removed() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let ivo = app.person(Role::Operator, "ivo", None).await;
    let (anna, ivo) = (app.browser(&cast.anna).await, app.browser(&ivo).await);
    let page = anna.get("/operatore?gravita=high&vista=mie&sconosciuta=1").await.expect(200);
    let save = "/operatore/viste/nuova?vista=vista=mie%26gravita=high";
    assert!(page.leads_to(save), "{}", page.text);
    let again = anna.post(save, "/operatore/viste", &[("query", "gravita=high"), ("name", "")]).await.expect(422);
    assert!(again.leads_to("#name") && again.text.contains("gravita=high"));

    let view = [("query", "area=pec&dopo=x&gravita=high&altro=1"), ("name", "Alte «PEC»"), ("shared", "on")];
    anna.post(save, "/operatore/viste", &view).await.expect(303);
    let own = anna.get("/operatore?area=pec&gravita=high").await.expect(200);
    assert!(own.words().contains("Alte «PEC»") && own.leads_to("/operatore?gravita=high&area=pec"), "{}", own.text);
    let id = app.database.texts("SELECT id FROM views").await.remove(0);
    let remove = format!("/operatore/viste/{id}/elimina");
    let theirs = ivo.get("/operatore").await.expect(200);
    assert!(theirs.words().contains("Alte «PEC»") && !theirs.text.contains(&remove));
    assert!(!anna.get("/caselle").await.expect(200).words().contains("Alte «PEC»"), "each page has its own");
    let told = ivo.post("/operatore/viste/nuova", &remove, &[]).await;
    assert_eq!(told.status, 403, "shared with him, but not his");
    anna.post("/operatore", &remove, &[]).await.expect(303);
    assert!(!anna.get("/operatore").await.expect(200).words().contains("Alte «PEC»"));
    app.end().await;
}

#[tokio::test]
async fn the_console_asks_again_for_its_saved_views_too() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let anna = app.browser(&cast.anna).await;
    let view = [("query", "stato=problemi"), ("name", "Da guardare")];
    anna.post("/caselle/viste/nuova?vista=stato%3Dproblemi", "/caselle/viste", &view).await.expect(303);
    let page = anna.get("/caselle?q=zzz").await.expect(200);
    assert!(page.leads_to("/caselle?stato=problemi") && page.leads_to("/caselle?q=zzz&frammento=1"), "{}", page.text);
    let fragment = anna.get("/caselle?q=zzz&frammento=1").await.expect(200);
    assert!(fragment.words().contains("Da guardare") && fragment.leads_to("/caselle?stato=problemi"));
    app.end().await;
}
