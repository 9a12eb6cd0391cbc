//! In charge of the commands `user add` and `token create`.

use crate::support::app::{Setup, TestApp};
use crate::support::binary::{run, run_with_input};
use crate::support::client::Api;

#[tokio::test]
async fn user_add_prints_only_the_link_and_the_link_works() {
    let app = TestApp::start().await;
    let add = ["user", "add", "--email", "anna@example.org", "--name", "Anna", "--role", "operator", "--level", "2"];
    let said = run(&app.database, &add).await.well();
    assert_eq!(said.out.lines().count(), 1, "{said:?}");
    let path = said.out.trim().strip_prefix("http://127.0.0.1:8000").expect("an address of ours");
    let browser = app.visitor();
    browser.post(path, path, &[("password", "cavallo pila graffetta")]).await.expect(303);
    browser.get("/caselle").await.expect(200);
    let actor = app.database.texts("SELECT actor FROM audit WHERE action = 'user.created'").await;
    assert!(actor[0].len() > "cli:".len() && actor[0].starts_with("cli:"), "{actor:?}");
    assert_eq!(app.database.number("SELECT level FROM persons").await, 2);
    app.end().await;
}

#[tokio::test]
async fn a_password_on_standard_input_is_final_and_nothing_is_printed() {
    let app = TestApp::start().await;
    app.organization("c_a111", "Comune").await;
    let add = [
        "user",
        "add",
        "--email",
        "carla@example.org",
        "--name",
        "Carla",
        "--role",
        "org_admin",
        "--org",
        "C_A111",
        "--password-stdin",
    ];
    let said = run_with_input(&app.database, &add, "cavallo pila graffetta\n").await.well();
    assert_eq!(said.out, "");
    assert!(!said.err.contains("cavallo"));
    app.visitor().log_in("carla@example.org", "cavallo pila graffetta").await.expect(303);
    assert_eq!(app.database.texts("SELECT visibility FROM memberships").await, ["organization"]);
    app.end().await;
}

#[tokio::test]
async fn token_create_prints_the_token_alone_and_it_works() {
    let app = TestApp::start().await;
    app.dario().await;
    let said = run(&app.database, &["token", "create", "--email", "DARIO@example.org", "--expires", "30"]).await.well();
    let token = said.out.strip_suffix('\n').expect("a line");
    assert!(token.len() >= 43 && token.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{token:?}");
    Api::new(&app.base, Some(token.into())).get("/mailboxes").await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_nothing_is_kept() {
    let app = Setup::new().await.start().await;
    app.dario().await;
    let people = app.database.number("SELECT COUNT(*) FROM persons").await;
    let add = |rest: &[&'static str]| [&["user", "add"], rest].concat();
    for (arguments, words) in [
        (add(&["--email", "nessuno", "--name", "N", "--role", "operator"]), "not an e-mail address"),
        (add(&["--email", "n@example.org", "--name", " ", "--role", "operator"]), "name"),
        (add(&["--email", "n@example.org", "--name", "N", "--role", "king"]), "regional_admin"),
        (add(&["--email", "n@example.org", "--name", "N", "--role", "org_user"]), "--org"),
        (
            add(&["--email", "n@example.org", "--name", "N", "--role", "org_user", "--org", "x"]),
            "no organization with code x",
        ),
        (add(&["--email", "n@example.org", "--name", "N", "--role", "operator", "--level", "4"]), "level"),
        (add(&["--email", "Dario@Example.org", "--name", "N", "--role", "operator"]), "email"),
        (vec!["token", "create", "--email", "nemo@example.org"], "no active person"),
        (vec!["token", "create", "--email", "dario@example.org", "--expires", "0"], "expires"),
        (vec!["fly"], "fly"),
    ] {
        run(&app.database, &arguments).await.refused(words);
    }
    let short = add(&["--email", "n@example.org", "--name", "N", "--role", "operator", "--password-stdin"]);
    for password in ["corta", "", "amministratore1"] {
        let said = run_with_input(&app.database, &short, password).await;
        assert!(password.is_empty() || !said.err.contains(password), "{said:?}");
        said.refused("password");
    }
    assert_eq!(app.database.number("SELECT COUNT(*) FROM persons").await, people);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM tokens").await, 1, "Dario's own");
    app.end().await;
}
