//! In charge of people who come from a file (A06): first tried, then loaded; a line that is refused stops no other.

use crate::support::app::TestApp;

const IMPORT: &str = "/utenti/importa";

#[tokio::test]
async fn a_file_of_people_is_tried_and_then_loaded() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.dario).await;
    let file = "email;name;role;organization_code;level\n\
                nuovo@example.net;Nuovo Rossi;org_user;c_a111;\n\
                anna@example.org;Anna;operator;;1\n\
                livello@example.net;Livello;operator;;9\n\
                nuovo@example.net;Ancora;operator;;1\n";
    let before = app.database.number("SELECT COUNT(*) FROM persons").await;
    for (act, made) in [("prova", 0), ("carica", 1)] {
        let page = browser.upload(IMPORT, IMPORT, &[("azione", act)], file.as_bytes()).await.expect(200);
        let words = page.words();
        assert!(words.contains("nuovo@example.net"), "{words}");
        for refused in [
            "3 Rifiutata anna@example.org email",
            "4 Rifiutata livello@example.net level",
            "5 Rifiutata nuovo@example.net email",
        ] {
            assert!(words.contains(refused), "{refused}: {words}");
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM persons").await, before + made, "{act}");
    }
    app.end().await;
}

#[tokio::test]
async fn an_administrator_of_a_body_loads_its_own_people_only() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.carla).await;
    let before = app.database.number("SELECT COUNT(*) FROM persons").await;
    let file = "email;name;role;organization_code\n\
                a@example.net;A;org_user;c_a111\n\
                b@example.net;B;org_user;u_b222\n\
                c@example.net;C;regional_admin;\n";
    browser.upload(IMPORT, IMPORT, &[("azione", "carica")], file.as_bytes()).await.expect(200);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM persons").await, before + 1);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM persons WHERE email = 'a@example.net'").await, 1);
    app.end().await;
}

#[tokio::test]
async fn each_import_says_its_own_command_and_only_that_of_mailboxes_holds_passwords() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.dario).await;
    for (path, command, secret) in [
        ("/caselle/importa", Some("sportello mailboxes import"), true),
        ("/enti/importa", Some("sportello organizations import"), false),
        (IMPORT, None, false),
    ] {
        let words = browser.get(path).await.expect(200).words();
        assert!(words.contains("Fino a 500 righe e 5 MB."), "{path}: {words}");
        assert_eq!(words.contains("contiene password"), secret, "{path}: {words}");
        match command {
            Some(command) => assert!(words.contains(command), "{path}: {words}"),
            None => assert!(!words.contains("sportello "), "{path}: {words}"),
        }
    }
    // The name of a body is not called that of a person, on the list and in the form.
    for path in ["/enti", "/enti/nuovo"] {
        let words = browser.get(path).await.expect(200).words();
        assert!(words.contains("Nome dell’ente") && !words.contains("Nome e cognome"), "{path}: {words}");
    }
    app.end().await;
}
