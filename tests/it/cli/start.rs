//! In charge of what must be right before the program starts: settings, key, schema. It says what is wrong and stops.

use std::os::unix::fs::PermissionsExt;

use crate::support::app::{Setup, TestApp};
use crate::support::binary::{self, run, sportello, to_the_end};
use crate::support::database::TestDatabase;

#[tokio::test]
async fn the_first_start_makes_schema_and_key_for_their_owner_only() {
    let database = TestDatabase::new().await;
    if database.is_file() {
        for command in [["audit", "verify"].as_slice(), &["token", "create", "--email", "d@example.org"]] {
            run(&database, command).await.refused("there is no database at");
        }
        assert_eq!(std::fs::read_dir(database.folder.path()).unwrap().count(), 0, "what only looks makes nothing");
    }
    let add = ["user", "add", "--email", "d@example.org", "--name", "Dario", "--role", "regional_admin"];
    run(&database, &add).await.well();
    let key = database.folder.path().join("master.key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!database.dump("key_state").await.contains(std::fs::read_to_string(&key).unwrap().trim()));
    if database.is_file() {
        let file = database.folder.path().join("sportello.db");
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o077, 0);
    }
    let again = run(&database, &["migrate"]).await.well();
    assert_eq!(again.out, "");
}

#[tokio::test]
async fn a_database_whose_key_is_missing_is_not_given_another() {
    let app = TestApp::start().await;
    let (key, database) = (app.app.settings.key_file.clone(), app.database.clone());
    app.end().await;
    std::fs::rename(&key, key.with_extension("away")).unwrap();
    run(&database, &["serve"]).await.refused("is missing");
    assert!(!key.exists(), "no key is made for a database that has one");
    std::fs::rename(key.with_extension("away"), &key).unwrap();
    run(&database, &["audit", "verify"]).await.well();
}

#[tokio::test]
async fn a_key_that_others_can_read_is_refused() {
    let app = TestApp::start().await;
    let (key, database) = (app.app.settings.key_file.clone(), app.database.clone());
    app.end().await;
    for mode in [0o640, 0o604, 0o620] {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
        run(&database, &["serve"]).await.refused("chmod 600");
    }
}

#[tokio::test]
async fn another_databases_key_is_refused() {
    let (one, other) = (TestApp::start().await, TestApp::start().await);
    let (ours, theirs) = (one.app.settings.key_file.clone(), other.app.settings.key_file.clone());
    let database = one.end().await;
    std::fs::copy(theirs, &ours).unwrap();
    run(&database, &["serve"]).await.refused("is not the one this database is sealed by");
    std::fs::write(&ours, "not a key\n").unwrap();
    run(&database, &["serve"]).await.refused("32 bytes");
    other.end().await;
}

#[tokio::test]
async fn a_database_that_a_newer_program_has_changed_is_refused_and_left_as_it_is() {
    let database = TestApp::start().await.end().await;
    let before = database.number("SELECT COUNT(*) FROM _sqlx_migrations").await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    database.execute(newer).await;
    for command in ["serve", "migrate"] {
        run(&database, &[command]).await.refused("this program is older than the database");
    }
    assert_eq!(database.number("SELECT COUNT(*) FROM _sqlx_migrations").await, before + 1);
}

#[tokio::test]
async fn a_changed_step_of_the_schema_is_refused() {
    let database = TestApp::start().await.end().await;
    let other = "UPDATE _sqlx_migrations SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 1) WHERE version = 2";
    database.execute(other).await;
    run(&database, &["serve"]).await.refused("step 2");
}

#[tokio::test]
async fn an_unknown_or_wrong_setting_stops_the_start_and_is_named() {
    let database = TestDatabase::new().await;
    let refused = async |name: &str, value: &str, words: &str| {
        let mut command = sportello(&database);
        command.arg("serve").env(name, value);
        to_the_end(command, "").await.refused(words);
    };
    refused("SPORTELLO_IMAP_TIMEUT", "5s", "SPORTELLO_IMAP_TIMEUT").await;
    refused("SPORTELLO_IMAP_TIMEOUT", "soon", "imap_timeout").await;
    refused("SPORTELLO_BASE_URL", "http://sportello.example.it", "base_url").await;
    refused("SPORTELLO_CA_FILE", "nowhere.pem", "ca_file").await;
    refused("SPORTELLO_PEC_TRUST_ANCHORS", "nowhere.pem", "pec_trust_anchors").await;
    refused("SPORTELLO_PEC_TRUST_ANCHORS", "/dev/null", "no certificate in the file").await;
    refused("SPORTELLO_DATABASE_URL", "postgres://nobody@127.0.0.1:9/x", "database").await;
    std::fs::write(database.folder.path().join("Rocket.toml"), "[default.sportello]\ncolour = \"red\"\n").unwrap();
    run(&database, &["migrate"]).await.refused("colour");
}

#[tokio::test]
async fn the_link_for_the_first_administrator_is_for_the_terminal_and_not_for_the_log() {
    let database = TestDatabase::new().await;
    let server = binary::Server::start(&database, &[], &[("RUST_LOG", "trace")]).await;
    let log = server.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("/benvenuto/")).collect();
    assert!(lines.len() == 1 && lines[0].starts_with("http://"), "{lines:?}");
    let token = lines[0].rsplit('/').next().unwrap();
    let browser = crate::support::client::Browser::new(&server.base);
    browser.get(&format!("/benvenuto/{token}")).await.expect(200);
    assert_eq!(server.log().matches(token).count(), 1, "not when it is opened either");
}

#[tokio::test]
async fn two_that_start_at_once_on_an_empty_database_agree_on_its_keys() {
    let setup = Setup::new().await;
    let (one, two) = tokio::join!(setup.build(), setup.build());
    let started: Vec<_> = [one, two].into_iter().filter_map(Result::ok).collect();
    assert!(!started.is_empty(), "at least one starts");
    let again = setup.build().await.expect("and whoever starts later");
    for app in &started {
        assert_eq!((app.keys.master.id(), &app.keys.instance_id), (again.keys.master.id(), &again.keys.instance_id));
        app.db.close().await;
    }
    assert_eq!(sportello::audit::verify(&again).await.unwrap().broken, None);
    again.db.close().await;
}

#[tokio::test]
async fn a_stranger_who_is_sent_to_log_in_is_no_warning_and_another_port_than_that_of_links_is() {
    let database = TestDatabase::new().await;
    let server = binary::Server::start(&database, &["--no-jobs"], &[]).await;
    let browser = crate::support::client::Browser::new(&server.base);
    for path in ["/", "/caselle", "/richieste"] {
        browser.get(path).await.expect(303);
    }
    let answered = crate::support::until("the requests are in the log", async || {
        let log = server.log();
        (log.matches("\"status\":303").count() == 3).then_some(log)
    });
    let log = answered.await;
    let warnings: Vec<&str> = log.lines().filter(|line| line.contains("\"level\":\"WARN\"")).collect();
    assert!(warnings.len() == 1 && warnings[0].contains("links will lead to base_url"), "{warnings:?}");
}
