//! In charge of the commands `mailboxes import` and `organizations import`: what they print, and how they end.

use crate::support::app::TestApp;
use crate::support::binary::{Said, run, sportello, to_the_end};
use crate::support::database::TestDatabase;
use crate::support::mail::MailServer;
use crate::support::provider::Provider;

/// Writes a file and loads it.
async fn import(database: &TestDatabase, what: &str, file: impl AsRef<[u8]>, dry: bool) -> Said {
    let path = database.folder.path().join("elenco.csv");
    std::fs::write(&path, file).unwrap();
    let mut command = sportello(database);
    command.args([what, "import", "elenco.csv"]).env("SPORTELLO_CA_FILE", MailServer::get().authority());
    if dry {
        command.arg("--dry-run");
    }
    to_the_end(command, "").await
}

#[tokio::test]
async fn bodies_and_mailboxes_are_loaded_and_what_is_refused_is_reported() {
    let account = MailServer::get().account("pass;word segreta").await;
    let port = MailServer::get().imaps;
    let app = TestApp::start().await;
    let bodies = "\u{feff}code,name,tax_code,areas,active\r\n\
                  c_a111,Comune di Città,IT80012340586,\"pec,pki\",VERO\r\n\
                  =2+3,Formula,80012340587,,\r\n";
    for dry in [true, false] {
        let said = import(&app.database, "organizations", bodies, dry).await;
        assert_eq!(said.code, Some(1), "{said:?}");
        let row = "3,'=2+3,tax_code,\"The last character, the check character, does not fit: check the code again, \
                   usually one character is wrong or swapped with another.\"\n";
        assert_eq!(said.out, row);
        assert!(said.err.contains("1 of 2 lines") && said.err.contains("1 refused"), "{}", said.err);
        let made = app.database.number("SELECT COUNT(*) FROM organizations WHERE code = 'c_a111'").await;
        assert_eq!(made, i64::from(!dry));
    }
    assert_eq!(import(&app.database, "organizations", bodies, true).await.out.lines().count(), 2, "it is there now");

    let header =
        "address;username;password;organization_code;authorization_holder;authorization_date;imap_host;imap_port";
    let good = format!(
        "{};{};\"pass;word segreta\";C_A111;Sindac\u{e0};01/06/2026;127.0.0.1;{port}",
        account.address, account.address
    );
    let bad = format!("b@pec.example.it;b;un’altra segreta;;Sindaco;01/06/2026;127.0.0.1;{port}");
    let file = format!("{header}\r\n{good}\r\n{bad}\r\nsegreta;b;c;;;;;\r\n");
    // As a spreadsheet on Windows writes it.
    let file = encoding_rs::WINDOWS_1252.encode(&file).0.into_owned();
    let tried = import(&app.database, "mailboxes", &file, true).await;
    assert_eq!((tried.code, tried.out.lines().count()), (Some(1), 1), "{tried:?}");
    assert!(tried.out.starts_with("4;;authorization_holder, authorization_date, address, imap_host;"), "{tried:?}");
    assert!(tried.err.contains(&format!("line 2: {} would be accepted", account.address)), "{}", tried.err);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailboxes").await, 0);

    let loaded = import(&app.database, "mailboxes", &file, false).await;
    assert_eq!((loaded.code, loaded.out.lines().count()), (Some(1), 2), "{loaded:?}");
    assert!(
        loaded.out.starts_with("3;b@pec.example.it;password;The mail server refused the password."),
        "{}",
        loaded.out
    );
    assert!(loaded.err.contains("1 of 3 lines loaded, 2 refused"), "{}", loaded.err);
    for said in [&tried, &loaded] {
        assert!(!said.out.contains("segreta") && !said.err.contains("segreta"), "{said:?}");
    }
    assert_eq!(app.database.texts("SELECT authorization_holder FROM mailboxes").await, ["Sindacà"]);
    let actor = app.database.texts("SELECT actor FROM audit WHERE action = 'mailbox.created'").await;
    assert!(actor.len() == 1 && actor[0].starts_with("cli:"), "{actor:?}");

    let other = MailServer::get().account("x").await;
    let line = format!("{};{};x;;Sindaco;01/06/2026;127.0.0.1;{port}", other.address, other.address);
    let well = import(&app.database, "mailboxes", format!("{header}\n{line}\n"), false).await.well();
    assert_eq!(well.out, "");
    app.end().await;
}

#[tokio::test]
async fn a_file_that_is_not_understood_is_refused_whole_and_repeats_no_data() {
    let app = TestApp::start().await;
    for (file, words) in [
        (b"a@pec.it,segreta\n".to_vec(), "first row must name the columns"),
        (b"address,username,password,colour\n".to_vec(), "Unknown columns: colour"),
        (b"address,address,username,password\n".to_vec(), "stand twice: address"),
        (b"address,username,password\n".to_vec(), "authorization_holder, authorization_date"),
        (vec![0; 4096], "not CSV text"),
        (vec![b'x'; 3_000_000], "not CSV text"),
        (",".repeat(100_000).into_bytes(), "empty"),
        ("address,".repeat(100_000).into_bytes(), "not CSV text"),
        (vec![b'\n'; 6_000_000], "larger than 5 MB"),
        (Vec::new(), "empty"),
    ] {
        for dry in [true, false] {
            let said = import(&app.database, "mailboxes", &file, dry).await.refused(words);
            assert!(!said.err.contains("segreta"), "{said:?}");
        }
    }
    run(&app.database, &["mailboxes", "import", "manca.csv"]).await.refused("manca.csv cannot be read");
    app.end().await;
}

#[tokio::test]
async fn in_a_wrong_folder_no_database_and_no_key_are_made() {
    let database = TestDatabase::new().await;
    let folder = database.folder.path();
    std::fs::write(folder.join("elenco.csv"), "code,name\nc,C\n").unwrap();
    std::fs::write(folder.join("caselle.csv"), "address,username,password,authorization_holder,authorization_date\n")
        .unwrap();
    for arguments in [
        &["organizations", "import", "elenco.csv"][..],
        &["organizations", "import", "elenco.csv", "--dry-run"],
        &["mailboxes", "import", "caselle.csv"],
    ] {
        let mut command = sportello(&database);
        command
            .args(arguments)
            .env("SPORTELLO_DATABASE_URL", "sqlite://nuovo.db")
            .env("SPORTELLO_KEY_FILE", "nuova.key");
        to_the_end(command, "").await.refused("there is no database at sqlite://nuovo.db");
        assert!(!folder.join("nuovo.db").exists() && !folder.join("nuova.key").exists());
    }
}

#[tokio::test]
async fn a_line_is_told_the_domains_that_are_admitted_and_that_a_server_has_no_place_free() {
    let app = TestApp::start().await;
    let provider = Provider::start().await;
    provider.refuse_with("NO [LIMIT] troppi adesso");
    let header = "address,username,password,authorization_holder,authorization_date,imap_host,imap_port,imap_security";
    let line = |address: &str| format!("{address},a,x,Sindaco,2026-06-01,127.0.0.1,{},none", provider.port);
    let file = format!("{header}\n{}\n{}\n", line("a@altrove.example"), line("a@pec.example.it"));
    std::fs::write(app.database.folder.path().join("elenco.csv"), file).unwrap();
    let mut command = sportello(&app.database);
    command.args(["mailboxes", "import", "elenco.csv"]);
    command.env("SPORTELLO_ADMITTED_DOMAINS", "[\"pec.example.it\"]").env("SPORTELLO_ALLOW_PLAINTEXT_IMAP", "true");
    let said = to_the_end(command, "").await;
    let rows: Vec<&str> = said.out.lines().collect();
    assert!(rows.len() == 2 && rows[0].contains(": pec.example.it."), "{said:?}");
    assert!(rows[1].starts_with("3,a@pec.example.it,,") && rows[1].contains("LIMIT: troppi adesso"), "{said:?}");
    app.end().await;
}
