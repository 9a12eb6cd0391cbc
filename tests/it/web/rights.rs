//! In charge of who may do what: every route of the program × every role. A route that is not in the table fails the test.
//! What may not be known to exist answers exactly like what does not exist.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use sportello::model::mailbox::Status;
use sportello::model::person::{Person, Role};
use sportello::web;

use crate::support::app::TestApp;
use crate::support::builders::mailbox;
use crate::support::client::{Answer, Api, Browser};

/// Route, then what is answered to nobody, Dario (regional administrator), Anna (operator), Carla (administrator of the body
/// whose mailbox it is), Elena (user of another body), Ugo (auditor). What a role may not know of is 404 (contract, 5).
const PAGES: &str = "
    GET  /                              303 303 303 303 303 303
    GET  /accedi                        200 200 200 200 200 200
    POST /accedi                        422 422 422 422 422 422
    GET  /sessione                      303 200 200 200 200 200
    GET  /allegati/<id>                 303 404 404 404 404 404
    GET  /allegati/<id>/immagine        303 404 404 404 404 404
    GET  /messaggi/<id>/corpo           303 404 404 404 404 404
    GET  /richieste                     303 200 200 200 200 403
    POST /richieste                     303 422 422 422 422 403
    GET  /richieste/nuova               303 200 200 200 200 403
    GET  /richieste/<number>            303 200 200 200 404 404
    GET  /richieste/<number>/<_>        303 303 303 303 404 404
    POST /richieste/<number>/risposta   303 422 422 422 404 404
    GET  /assistenza                    200 200 200 200 200 403
    POST /assistenza                    422 422 422 422 422 403
    GET  /assistenza/inviata            200 200 200 200 200 200
    GET  /assistenza/richiesta/<link>   404 404 404 404 404 404
    GET  /assistenza/conferma/<token>   404 404 404 404 404 404
    POST /assistenza/conferma/<token>   404 404 404 404 404 404
    GET  /operatore                     303 200 200 403 403 403
    GET  /operatore/risposte-pronte     303 200 200 403 403 403
    POST /operatore/risposte-pronte     303 422 422 403 403 403
    GET  /operatore/risposte-pronte/nuova         303 200 200 403 403 403
    GET  /operatore/risposte-pronte/<id>          303 404 404 404 404 404
    POST /operatore/risposte-pronte/<id>          303 404 404 404 404 404
    POST /operatore/risposte-pronte/<id>/elimina  303 404 404 404 404 404
    GET  /cruscotto                     303 200 200 200 403 403
    GET  /cruscotto.csv                 303 200 200 200 403 403
    POST /operatore/insieme             303 400 400 403 403 403
    GET  /operatore/telefonata          303 200 200 403 403 403
    POST /operatore/telefonata          303 422 422 403 403 403
    GET  /operatore/telefonata/doppioni 303 303 303 403 403 403
    POST /operatore/telefonata/doppioni 303 200 200 403 403 403
    GET  /operatore/telefonata/aggiungi/<_>      303 303 303 403 403 403
    POST /operatore/telefonata/aggiungi/<number> 303 422 422 403 403 403
    GET  /operatore/gruppi              303 200 200 403 403 403
    POST /operatore/gruppi              303 422 403 403 403 403
    GET  /operatore/gruppi/nuovo        303 200 403 403 403 403
    GET  /operatore/gruppi/<id>         303 404 404 404 404 404
    POST /operatore/gruppi/<id>         303 404 404 404 404 404
    GET  /operatore/<number>            303 200 200 404 404 404
    GET  /operatore/posta               303 200 200 403 403 403
    GET  /operatore/posta/<id>          303 404 404 404 404 404
    POST /operatore/posta/<id>/accetta  303 404 404 404 404 404
    POST /operatore/posta/<id>/scarta   303 404 404 404 404 404
    POST /operatore/posta/<id>/riprova  303 404 404 404 404 404
    GET  /operatore/posta/<id>/originale 303 404 404 404 404 404
    GET  /operatore/<number>/voci/<id>/originale 303 404 404 404 404 404
    GET  /operatore/<number>/<_>        303 303 303 404 404 404
    POST /operatore/<number>/risposta   303 422 422 404 404 404
    POST /operatore/<number>/presenza   303 200 200 404 404 404
    POST /operatore/<number>/indirizzo  303 303 303 404 404 404
    POST /operatore/<number>/bozza      303 400 400 404 404 404
    POST /operatore/<number>/dati       303 422 422 404 404 404
    POST /operatore/<number>/in-partenza/<id>/annulla 303 303 303 404 404 404
    POST /operatore/<number>/collegate  303 422 422 404 404 404
    POST /operatore/<number>/collegate/<other>/togli 303 404 404 404 404 404
    POST /operatore/<number>/doppione/<other>/unisci  303 404 404 404 404 404
    POST /operatore/<number>/doppione/<other>/diversa 303 404 404 404 404 404
    POST /operatore/<number>/stato      303 422 422 404 404 404
    POST /richieste/<number>/riapri     303 409 409 409 404 404
    POST /richieste/<number>/chiudi     303 409 409 303 404 404
    GET  /password-dimenticata          200 200 200 200 200 200
    POST /password-dimenticata          422 422 422 422 422 422
    GET  /posta-in-uscita               303 200 200 403 403 403
    POST /posta-in-uscita/<id>/riprova  303 404 404 404 404 404
    POST /posta-in-uscita/<id>/indirizzo 303 404 404 404 404 404
    GET  /benvenuto/<token>             404 404 404 404 404 404
    POST /benvenuto/<token>             404 404 404 404 404 404
    GET  /healthz                       200 200 200 200 200 200
    GET  /readyz                        200 200 200 200 200 200
    GET  /metrics                       200 200 200 200 200 200
    GET  /eventi                        401 200 200 200 200 403
    GET  /caselle                       303 200 200 200 200 403
    POST /caselle                       303 422 403 403 403 403
    GET  /caselle/nuova                 303 200 403 403 403 403
    GET  /caselle/capacita              303 200 200 403 403 403
    POST /caselle/capacita/blocchi      303 303 403 403 403 403
    GET  /caselle/importa               303 200 403 403 403 403
    GET  /caselle/importa/modello.csv   303 200 403 403 403 403
    POST /caselle/importa               303 422 403 403 403 403
    POST /caselle/aggiorna              303 303 303 303 403 403
    GET  /caselle/<id>                  303 200 403 200 404 404
    POST /caselle/<id>/aggiorna         303 303 303 303 404 404
    GET  /caselle/<id>/password         303 200 403 403 404 404
    POST /caselle/<id>/password         303 422 403 403 404 404
    GET  /caselle/<id>/rimuovi          303 200 403 403 404 404
    GET  /lavori                        303 200 403 403 403 403
    POST /lavori/<name>/esegui          303 303 403 403 403 403
    GET  /registro                      303 200 403 403 403 200
    POST /caselle/insieme               303 303 303 303 403 403
    GET  /caselle/viste/nuova           303 200 200 200 200 403
    POST /caselle/viste                 303 422 422 422 422 403
    POST /caselle/viste/<id>/elimina    303 404 404 404 404 404
    GET  /operatore/viste/nuova         303 200 200 403 403 403
    POST /operatore/viste               303 422 422 403 403 403
    POST /operatore/viste/<id>/elimina  303 404 404 404 404 404
    GET  /impostazioni/regole           303 200 403 403 403 403
    POST /impostazioni/regole           303 422 403 403 403 403
    GET  /impostazioni/regole/nuova     303 200 403 403 403 403
    GET  /impostazioni/regole/<id>      303 404 403 403 403 403
    POST /impostazioni/regole/<id>      303 404 403 403 403 403
    POST /impostazioni/regole/<id>/elimina 303 404 403 403 403 403
    GET  /impostazioni/campi            303 200 403 403 403 403
    POST /impostazioni/campi            303 422 403 403 403 403
    GET  /impostazioni/campi/nuovo      303 200 403 403 403 403
    GET  /impostazioni/campi/<id>       303 404 404 404 404 404
    POST /impostazioni/campi/<id>       303 404 404 404 404 404
    POST /impostazioni/campi/<id>/elimina 303 404 404 404 404 404
    GET  /caselle/<id>/scheda           303 200 200 200 404 404
    POST /caselle/<id>/sospensione      303 303 403 403 404 404
    POST /caselle/<id>/accessi          303 422 403 422 404 404
    POST /caselle/<id>/accessi/<person>/togli 303 404 403 404 404 404
    GET  /caselle/<id>/modifica         303 200 403 403 404 404
    POST /caselle/<id>/modifica         303 422 403 403 404 404
    GET  /accessibilita                 200 200 200 200 200 200
    GET  /privacy                       200 200 200 200 200 200
    GET  /profilo                       303 200 200 200 200 200
    POST /profilo                       303 303 303 303 303 303
    POST /profilo/password              303 422 422 422 422 422
    POST /profilo/sessioni/<id>/chiudi  303 404 404 404 404 404
    POST /profilo/sessioni/chiudi       303 303 303 303 303 303
    GET  /enti                          303 200 200 200 403 403
    POST /enti                          303 422 403 403 403 403
    GET  /enti/nuovo                    303 200 403 403 403 403
    GET  /enti/importa                  303 200 403 403 403 403
    POST /enti/importa                  303 422 403 403 403 403
    GET  /enti/<id>                     303 200 200 200 404 404
    POST /enti/<id>                     303 422 403 403 404 404
    GET  /enti/<id>/stato               303 200 403 403 404 404
    POST /enti/<id>/stato               303 303 403 403 404 404
    GET  /utenti                        303 200 403 200 403 403
    POST /utenti                        303 422 403 422 403 403
    GET  /utenti/nuovo                  303 200 403 200 403 403
    GET  /utenti/importa                303 200 403 200 403 403
    POST /utenti/importa                303 422 403 422 403 403
    GET  /utenti/<id>                   303 200 404 200 404 404
    POST /utenti/<id>                   303 422 404 422 404 404
    GET  /utenti/<id>/stato             303 200 404 200 404 404
    POST /utenti/<id>/stato             303 303 404 303 404 404
    POST /utenti/<id>/collegamento      303 200 404 200 404 404
    POST /utenti/<id>/sessioni          303 303 404 303 404 404
    GET  /impostazioni                  303 200 403 403 403 403
    POST /impostazioni                  303 303 403 403 403 403
    GET  /impostazioni/permessi         303 200 403 403 403 403
    GET  /impostazioni/posta            303 200 403 403 403 403
    POST /impostazioni/posta            303 422 403 403 403 403
    GET  /impostazioni/posta/nuova      303 200 403 403 403 403
    GET  /impostazioni/posta/<id>       303 404 403 403 403 403
    POST /impostazioni/posta/<id>       303 404 403 403 403 403
    POST /impostazioni/posta/<id>/elimina 303 404 403 403 403 403
    GET  /impostazioni/orari            303 200 403 403 403 403
    GET  /impostazioni/orari/<id>       303 404 403 403 403 403
    POST /impostazioni/orari/<id>       303 404 403 403 403 403
    GET  /registro.csv                  303 200 403 403 403 200
    POST /registro/verifica             303 200 403 403 403 200
    POST /caselle/<id>/rimuovi          303 303 403 403 404 404
    POST /esci                          303 303 303 303 303 303";

const API: &str = "
    GET    /calendars                   401 200 200 200 200 200
    GET    /calendars/<id>              401 404 404 404 404 404
    GET    /calendars/<id>/due          401 404 404 404 404 404
    GET    /organizations               401 200 200 200 403 403
    POST   /organizations               401 422 403 403 403 403
    GET    /organizations/<id>          401 200 200 200 404 404
    PATCH  /organizations/<id>          401 200 403 403 404 404
    GET    /users                       401 200 403 200 403 403
    POST   /users                       401 422 403 422 403 403
    GET    /users/<id>                  401 200 404 200 404 404
    PATCH  /users/<id>                  401 200 404 200 404 404
    GET    /mailboxes                   401 200 200 200 200 403
    POST   /mailboxes                   401 422 403 403 403 403
    GET    /mailboxes/<id>              401 200 200 200 404 404
    PATCH  /mailboxes/<id>              401 200 403 403 404 404
    PUT    /mailboxes/<id>/password     401 422 403 403 404 404
    POST   /mailboxes/<id>/refresh      401 202 202 202 404 404
    POST   /mailboxes/refresh           401 202 202 202 403 403
    GET    /mailboxes/<id>/grants       401 200 403 200 404 404
    PUT    /mailboxes/<id>/grants/<user_id>    401 422 403 422 404 404
    DELETE /mailboxes/<id>/grants/<user_id>    401 404 403 404 404 404
    POST   /attachments                 401 422 422 422 422 403
    GET    /attachments/<id>            401 404 404 404 404 404
    GET    /tickets                            401 200 200 200 200 403
    POST   /tickets                            401 422 422 422 422 403
    GET    /tickets/<number>                   401 200 200 200 404 404
    PATCH  /tickets/<number>                   401 200 200 200 404 404
    PUT    /tickets/<number>/mailboxes/<mailbox_id> 401 200 200 200 404 404
    DELETE /tickets/<number>/mailboxes/<mailbox_id> 401 204 204 204 404 404
    GET    /tickets/<number>/messages          401 200 200 200 404 404
    POST   /tickets/<number>/messages          401 422 422 422 404 404
    GET    /tickets/<number>/duplicates        401 200 200 403 404 404
    POST   /tickets/<number>/duplicates/<other>/dismiss 401 404 404 403 404 404
    POST   /tickets/<number>/take              401 409 200 403 404 404
    POST   /tickets/<number>/wait              401 422 422 403 404 404
    POST   /tickets/<number>/escalate          401 422 422 403 404 404
    POST   /tickets/<number>/resolve           401 422 422 403 404 404
    POST   /tickets/<number>/reopen            401 409 409 409 404 404
    POST   /tickets/<number>/close             401 409 409 200 404 404
    POST   /tickets/<number>/cancel            401 422 422 403 404 404
    POST   /tickets/<number>/restore           401 409 409 403 404 404
    POST   /tickets/<number>/merge             401 422 422 403 404 404
    POST   /tickets/<number>/unmerge           401 409 409 403 404 404
    POST   /tickets/<number>/split             401 422 422 403 404 404
    POST   /tickets/<number>/address-works     401 200 200 403 404 404
    DELETE /tickets/<number>                   401 422 422 403 404 404
    GET    /request-fields              401 200 200 200 200 403
    GET    /canned-answers              401 200 200 403 403 403
    POST   /canned-answers              401 422 422 403 403 403
    PATCH  /canned-answers/<id>         401 404 404 404 404 404
    DELETE /canned-answers/<id>         401 404 404 404 404 404
    GET    /intake/held                        401 200 200 403 403 403
    GET    /intake/unprocessed                 401 200 200 403 403 403
    POST   /intake/held/<id>/accept            401 404 404 404 404 404
    POST   /intake/unprocessed/<id>/retry      401 404 404 404 404 404
    GET    /intake/held/<id>/raw               401 404 404 404 404 404
    GET    /intake/unprocessed/<id>/raw        401 404 404 404 404 404
    GET    /tickets/<number>/messages/<id>/raw 401 404 404 404 404 404
    GET    /intake/mailboxes                   401 200 403 403 403 403
    POST   /intake/mailboxes                   401 422 403 403 403 403
    GET    /intake/mailboxes/<id>              401 404 403 403 403 403
    PATCH  /intake/mailboxes/<id>              401 404 403 403 403 403
    DELETE /intake/mailboxes/<id>              401 404 403 403 403 403
    GET    /groups                             401 200 200 403 403 403
    POST   /groups                             401 422 403 403 403 403
    GET    /groups/<id>                        401 404 404 404 404 404
    PATCH  /groups/<id>                        401 404 404 404 404 404
    GET    /outbox                      401 200 200 403 403 403
    POST   /outbox/<id>/retry           401 404 404 404 404 404
    POST   /outbox/<id>/address-works   401 404 404 404 404 404
    GET    /views                       401 200 200 200 200 200
    POST   /views                       401 422 422 422 422 422
    PATCH  /views/<id>                  401 404 404 404 404 404
    DELETE /views/<id>                  401 404 404 404 404 404
    GET    /capacity                    401 200 200 403 403 403
    POST   /capacity/blocks             401 201 403 403 403 403
    GET    /mailboxes/<id>/folders      401 409 403 409 404 404
    GET    /mailboxes/<id>/folders/<folder>/messages           401 409 403 409 404 404
    GET    /mailboxes/<id>/folders/<folder>/messages/<uid>     401 409 403 409 404 404
    GET    /mailboxes/<id>/folders/<folder>/messages/<uid>/raw 401 409 403 409 404 404
    GET    /jobs                        401 200 403 403 403 403
    GET    /jobs/<name>/runs            401 200 403 403 403 403
    GET    /jobs/<name>/runs/<id>       401 404 403 403 403 403
    POST   /jobs/<name>/run             401 202 403 403 403 403
    GET    /audit                       401 200 403 403 403 200
    GET    /openapi.json                200 200 200 200 200 200
    DELETE /mailboxes/<id>              401 204 403 403 404 404";

/// An id that was never given.
const ABSENT: &str = "019a0000000000000000000000000000";

/// The lines of a table: method, path, expected statuses.
fn lines(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str, Vec<u16>)> {
    table.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let mut words = line.split_whitespace();
        let (method, path) = (words.next().expect("a method"), words.next().expect("a path"));
        (method, path, words.map(|word| word.parse().expect("a status")).collect())
    })
}

/// What the program mounts, but for the files that anybody may load.
fn mounted(is_api: bool) -> Vec<String> {
    let routes = web::routes().into_iter().map(|route| (route.method.to_string(), route.uri.path().to_string()));
    let mut found: Vec<String> = routes
        .filter(|(_, path)| !path.starts_with("/static/"))
        .filter_map(|(method, path)| match path.strip_prefix("/api/v1") {
            Some(rest) => is_api.then(|| format!("{method} {rest}")),
            None => (!is_api).then(|| format!("{method} {path}")),
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_route_has_its_line() {
    for (table, is_api) in [(PAGES, false), (API, true)] {
        let mut told: Vec<String> = lines(table).map(|(method, path, _)| format!("{method} {path}")).collect();
        told.sort();
        assert_eq!(told, mounted(is_api));
    }
}

/// Holds every connection but one: what waits for a second one while it has the first never gets it.
async fn all_readers_but_one(app: &TestApp) -> Vec<impl Sized + use<>> {
    let mut held = Vec::new();
    for _ in 1..app.app.db.readers() {
        held.push(app.app.db.read().await.expect("a connection"));
    }
    held
}

#[tokio::test]
async fn each_page_answers_each_role_as_agreed() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let id = suspended_mailbox(&app, &cast.comune).await;
    let clerk = app.person(Role::OrgUser, "clara", Some(&cast.comune)).await;
    let ticket = ticket_of(&app, &cast.carla).await;
    let held = all_readers_but_one(&app).await;
    let fill = |path: &str| {
        let id = match path.split('/').nth(1) {
            Some("enti") => cast.comune.id.as_str(),
            Some("utenti") => clerk.id.as_str(),
            Some("profilo") => ABSENT,
            _ if path.starts_with("/impostazioni/posta/") || path.starts_with("/operatore/posta/") => ABSENT,
            _ if path.starts_with("/caselle/viste/") || path.starts_with("/operatore/viste/") => ABSENT,
            _ => id.as_str(),
        };
        let path = path.replace("<person>", ABSENT).replace("<other>", ABSENT);
        let path = path.replace("<number>", &ticket);
        path.replace("<id>", id).replace("<name>", "refresh-mailboxes").replace("<token>", "x")
    };
    let people = [None, Some(&cast.dario), Some(&cast.anna), Some(&cast.carla), Some(&cast.elena), Some(&cast.ugo)];
    // Dario comes last: what he may do is done.
    for place in [0, 2, 3, 4, 5, 1] {
        let person = people[place];
        let browser = match person {
            Some(person) => app.browser(person).await,
            None => app.visitor(),
        };
        let name = person.map_or("nobody", |person| person.name.as_str());
        // Pages for whoever comes carry the visitor's token, all others the session's.
        let visitors = browser.csrf("/accedi").await;
        let home = browser.get("/").await.header("location").to_string();
        let own = browser.csrf(&home).await;
        for (method, path, expected) in lines(PAGES) {
            let address = if path == "/eventi" { "/eventi?argomenti=caselle".to_string() } else { fill(path) };
            let request = browser.request(method.parse().unwrap(), &address);
            let is_visitors = path.starts_with("/benvenuto/") || ["/accedi", "/password-dimenticata"].contains(&path);
            let csrf = if is_visitors { &visitors } else { &own };
            let request = if method == "POST" { request.form(&[("csrf", csrf)]) } else { request };
            // The stream does not end, so only the head of the answer is read.
            let status = request.send().await.unwrap().status().as_u16();
            assert_eq!(status, expected[place], "{method} {path} as {name}");
            // What one may not know of answers as what there is not, whatever the route.
            if status == 404 && path.contains("<id>") && fill(path) != path.replace("<id>", ABSENT) {
                let hidden = fill(path).split('/').nth(2).unwrap_or_default().to_string();
                let ask = async |id: &str| {
                    let request = browser.request(method.parse().unwrap(), &path.replace("<id>", id));
                    let request = if method == "POST" { request.form(&[("csrf", csrf)]) } else { request };
                    nameless(&browser.send(request).await, id)
                };
                assert_eq!(ask(&hidden).await, ask(ABSENT).await, "{method} {path} as {name}");
            }
        }
    }
    drop(held);
    app.end().await;
}

#[tokio::test]
async fn each_operation_of_the_api_answers_each_role_as_agreed() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let own = suspended_mailbox(&app, &cast.comune).await;
    let ticket = ticket_of(&app, &cast.carla).await;
    let held = all_readers_but_one(&app).await;
    let fill = |path: &str| {
        let id = match path.split('/').nth(1) {
            Some("organizations") => cast.comune.id.to_string(),
            Some("users") => cast.carla.id.to_string(),
            Some("jobs") => "x".into(),
            _ => own.clone(),
        };
        let path = path.replace("<user_id>", cast.carla.id.as_str());
        let path = path.replace("<id>", &id).replace("<name>", "refresh-mailboxes");
        path.replace("<folder>", "INBOX")
            .replace("<uid>", "1")
            .replace("<number>", &ticket)
            .replace("<other>", ABSENT)
            .replace("<mailbox_id>", &own)
    };
    // Dario comes last: what he may do is done.
    for place in [0, 2, 3, 4, 5, 1] {
        let person =
            [None, Some(&cast.dario), Some(&cast.anna), Some(&cast.carla), Some(&cast.elena), Some(&cast.ugo)][place];
        let api = match person {
            Some(person) => app.api(person).await,
            None => app.nobodys_api(),
        };
        for (method, path, expected) in lines(API) {
            // Everybody may see who they are.
            let answer = api.ask(method, &fill(path)).await;
            let name = person.map_or("nobody", |person| person.name.as_str());
            assert_eq!(answer.status, expected[place], "{method} {path} as {name}: {}", answer.text);
            // What one may not know of answers as what there is not, whatever the route.
            let (there, not_there) = (fill(path), fill(&path.replace("<id>", ABSENT).replace("<number>", ABSENT)));
            if answer.status == 404 && there != not_there {
                let absent = api.ask(method, &not_there).await;
                let id = |address: &str| format!("/api/v1{address}");
                assert_eq!(absent.status, 404, "{method} {not_there} as {name}");
                assert_eq!(
                    nameless(&answer, &id(&there)),
                    nameless(&absent, &id(&not_there)),
                    "{method} {path} as {name}"
                );
            }
        }
    }
    drop(held);
    app.end().await;
}

/// A ticket that this person has opened.
async fn ticket_of(app: &TestApp, person: &Person) -> String {
    let body = json!({"subject": "Aiuto", "body": "La casella non si apre.", "area": "pec"});
    let made = app.api(person).await.post("/tickets", body).await.expect(201).json();
    made["number"].as_str().unwrap().to_string()
}

async fn suspended_mailbox(app: &TestApp, organization: &sportello::model::organization::Organization) -> String {
    let suspended = mailbox("comune@pec.example.it").of(organization);
    suspended.with(|mailbox| mailbox.facts.status = Status::Suspended).insert(app).await.id.to_string()
}

/// An answer without what names the request itself.
fn nameless(answer: &Answer, id: &str) -> String {
    let request_id = answer.header("x-request-id").to_string();
    assert!(!request_id.is_empty());
    let escaped = id.replace('/', "&#x2F;");
    answer.text.replace(&request_id, "REQUEST").replace(id, "ID").replace(&escaped, "ID")
}

#[tokio::test]
async fn a_hidden_mailbox_answers_exactly_like_an_absent_one() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let hidden = mailbox("comune@pec.example.it").of(&cast.comune).insert(&app).await.id.to_string();
    let free = mailbox("libera@pec.example.it").insert(&app).await.id.to_string();
    let long = "x".repeat(300);
    let absent =
        ["019a0000000000000000000000000000", "x", "0", "-1", "null", "caf%C3%A9", "%27%20OR%201=1", "a%2Fb", &long];
    let (api, browser) = (app.api(&cast.elena).await, app.browser(&cast.elena).await);
    for (method, tail) in [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("PUT", "/password"),
        ("POST", "/refresh"),
        ("GET", "/folders"),
        ("GET", "/folders/INBOX/messages"),
        ("GET", "/folders/INBOX/messages/1"),
        ("GET", "/folders/INBOX/messages/1/raw"),
    ] {
        let ask = async |id: &str| {
            let path = format!("/mailboxes/{id}{tail}");
            let answer = api.ask(method, &path).await.expect(404);
            let mut body: BTreeMap<String, Value> = serde_json::from_str(&answer.text).unwrap();
            assert_eq!(body.remove("instance"), Some(json!(format!("/api/v1{path}"))));
            assert_eq!(body.remove("request_id"), Some(json!(answer.header("x-request-id"))));
            body
        };
        let expected = ask(absent[0]).await;
        for id in [hidden.as_str(), free.as_str()].into_iter().chain(absent) {
            assert_eq!(ask(id).await, expected, "{method} {id}{tail}");
        }
    }
    for tail in ["", "/password", "/rimuovi", "?messaggio=1"] {
        let open = async |id: &str| nameless(&browser.get(&format!("/caselle/{id}{tail}")).await.expect(404), id);
        let expected = open(absent[0]).await;
        for id in [hidden.as_str(), free.as_str(), &long] {
            assert_eq!(open(id).await, expected, "{id}{tail}");
        }
    }
    app.end().await;
}

#[tokio::test]
async fn people_of_a_body_meet_only_what_is_their_bodys() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    mailbox("comune@pec.example.it").of(&cast.comune).named("Del Comune").insert(&app).await;
    mailbox("unione@pec.example.it").of(&cast.unione).named("Dell’Unione").insert(&app).await;
    mailbox("libera@pec.example.it")
        .named("Di nessuno")
        .with(|mailbox| mailbox.card.group = Some("Libere".into()))
        .insert(&app)
        .await;
    let addresses = async |api: &Api, query: &str| -> Vec<String> {
        let page = api.get(&format!("/mailboxes{query}")).await.expect(200).json();
        page["items"].as_array().unwrap().iter().map(|one| one["address"].as_str().unwrap().to_string()).collect()
    };
    let (elena, carla, anna) = (app.api(&cast.elena).await, app.api(&cast.carla).await, app.api(&cast.anna).await);
    assert_eq!(addresses(&elena, "").await, ["unione@pec.example.it"]);
    assert_eq!(addresses(&carla, "").await, ["comune@pec.example.it"]);
    assert_eq!(addresses(&anna, "?sort=address").await.len(), 3);
    for query in ["?q=comune", "?group=Libere", &format!("?organization_id={}", cast.comune.id)] {
        assert!(addresses(&elena, query).await.is_empty(), "{query}");
    }
    let words = app.browser(&cast.elena).await.get("/caselle?q=").await.expect(200).words();
    assert!(
        words.contains("unione@pec.example.it") && !words.contains("Del Comune") && !words.contains("Libere"),
        "{words}"
    );
    let of_carla = carla.get("/users").await.expect(200).json();
    let emails: Vec<&str> =
        of_carla["items"].as_array().unwrap().iter().map(|one| one["email"].as_str().unwrap()).collect();
    assert_eq!(emails, ["carla@example.org"]);
    elena.get(&format!("/users/{}", cast.elena.id)).await.expect(200);

    // Nobody gets in by having been there.
    let dario = app.api(&cast.dario).await;
    let moved = json!({"organization_id": cast.comune.id.as_str()});
    dario.patch(&format!("/users/{}", cast.elena.id), moved).await.expect(200);
    assert_eq!(addresses(&elena, "").await, ["comune@pec.example.it"], "rights are read anew at each request");
    app.end().await;
}

#[tokio::test]
async fn a_user_of_a_body_sees_how_its_mailboxes_stand_and_not_how_they_are_reached() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let one = mailbox("unione@pec.example.it").of(&cast.unione).with(|mailbox| {
        mailbox.card.username = "utenza-M123".into();
        mailbox.card.imap.host = "imap.gestore.example".into();
        mailbox.card.authorization.holder = "Presidente Rossi".into();
        mailbox.facts.status_detail = Some("parole del server".into());
    });
    let one = one.insert(&app).await;
    let shown = app.api(&cast.elena).await.mailbox(one.id.as_str()).await;
    assert_eq!((&shown["address"], &shown["status"]), (&json!("unione@pec.example.it"), &json!("ok")));
    for hidden in ["username", "imap", "smtp", "authorization", "status_detail"] {
        assert!(shown[hidden].is_null(), "{hidden}");
    }
    let list = app.api(&cast.elena).await.get("/mailboxes").await.expect(200).text;
    let console = app.browser(&cast.elena).await.get("/caselle").await.expect(200).text;
    for answer in [list, console] {
        assert!(answer.contains("unione@pec.example.it"));
        for words in ["utenza-M123", "imap.gestore.example", "parole del server"] {
            assert!(!answer.contains(words), "{words}");
        }
    }
    assert_eq!(app.api(&cast.anna).await.mailbox(one.id.as_str()).await["username"], "utenza-M123");
    app.end().await;
}

#[tokio::test]
async fn refreshing_all_reaches_only_ones_own() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let own = mailbox("comune@pec.example.it").of(&cast.comune).insert(&app).await;
    mailbox("unione@pec.example.it").of(&cast.unione).insert(&app).await;
    app.api(&cast.carla).await.ask("POST", "/mailboxes/refresh").await.expect(202);
    assert_eq!(app.database.texts("SELECT mailbox_id FROM visits").await, [own.id.as_str()]);
    app.api(&cast.anna).await.ask("POST", "/mailboxes/refresh").await.expect(202);
    assert_eq!(
        app.database.number("SELECT COUNT(*) FROM visits").await,
        2,
        "one open visit for each mailbox, whoever asks"
    );
    app.end().await;
}

#[tokio::test]
async fn the_menu_offers_only_what_may_be_opened() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    for person in [&cast.dario, &cast.anna, &cast.carla, &cast.elena, &cast.ugo] {
        let browser = app.browser(person).await;
        let home = browser.get("/").await.expect(303).header("location").to_string();
        let page = browser.get(&home).await.expect(200);
        for entry in ["/caselle", "/enti", "/utenti", "/lavori", "/registro", "/impostazioni"] {
            let may_open = status(&browser, entry).await == 200;
            assert_eq!(page.leads_to(entry), may_open, "{entry} in the menu of {}", person.name);
        }
        assert_eq!(page.leads_to("/caselle/nuova"), status(&browser, "/caselle/nuova").await == 200, "{}", person.name);
    }
    app.end().await;
}

async fn status(browser: &Browser, path: &str) -> u16 {
    browser.request(Method::GET, path).send().await.unwrap().status().as_u16()
}
