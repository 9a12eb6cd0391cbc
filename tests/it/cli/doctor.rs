//! In charge of the command `doctor`: it tells what is wrong, one line each, and changes nothing.

use sportello::files::key_file;
use sportello::key::MasterKey;
use sportello::store::Db;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::support::app::TestApp;
use crate::support::binary::{Said, run, sportello, to_the_end};
use crate::support::builders::mailbox;
use crate::support::database::TestDatabase;
use crate::support::mail::MailServer;
use crate::support::relay::Relay;

/// The line on one thing.
fn line<'s>(said: &'s Said, what: &str) -> &'s str {
    let mut lines = said.out.lines().filter(|line| line[5..].starts_with(&format!("{what}:")));
    lines.next().unwrap_or_else(|| panic!("nothing on {what}: {said:?}"))
}

async fn doctor(database: &TestDatabase, environment: &[(&str, &str)]) -> Said {
    let mut command = sportello(database);
    command.arg("doctor").env("SPORTELLO_CA_FILE", MailServer::get().authority()).envs(environment.iter().copied());
    let said = to_the_end(command, "").await;
    assert!(
        said.out.lines().all(|line| ["ok  ", "FAIL", "--  "].iter().any(|mark| line.starts_with(mark))),
        "{said:?}"
    );
    assert_eq!(said.code, Some(i32::from(said.out.contains("FAIL"))), "{said:?}");
    said
}

/// Everything that is there: files with their content, rows.
async fn all_of_it(database: &TestDatabase) -> String {
    let mut all = String::new();
    let entries = std::fs::read_dir(database.folder.path()).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    for name in names.iter().filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm")) {
        let is_key = name.starts_with("master.key");
        let text = is_key.then(|| std::fs::read_to_string(database.folder.path().join(name)).unwrap());
        all += &format!("{name} {text:?}\n");
    }
    for table in database.tables().await {
        all += &database.dump(&table).await;
    }
    all
}

#[tokio::test]
async fn a_good_installation_is_all_ok_and_stays_as_it_is() {
    let server = MailServer::get();
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let (account, other) = (server.account("Zanzara-9931").await, server.account("altra").await);
    account.watched(&api).await;
    other.watched(&api).await;
    let before = all_of_it(&app.database).await;
    let said = doctor(&app.database, &[]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    for what in ["settings", "database", "key", "trace", "clock", "imap"] {
        assert!(line(&said, what).starts_with("ok  "), "{said:?}");
    }
    assert_eq!(said.out.matches("imap:").count(), 1, "each server once");
    assert!(line(&said, "smtp").starts_with("--  "));
    assert_eq!(all_of_it(&app.database).await, before);
    assert!(!said.out.contains("Zanzara") && !said.out.contains(&account.address));
    app.end().await;
}

#[tokio::test]
async fn where_there_is_nothing_it_makes_nothing() {
    let database = TestDatabase::new().await;
    let said = doctor(&database, &[]).await;
    assert!(line(&said, "database").starts_with("FAIL"), "{said:?}");
    assert!(line(&said, "key").starts_with("--  "), "{said:?}");
    let left = std::fs::read_dir(database.folder.path()).unwrap().count();
    assert_eq!(left, 0);
    assert!(database.is_file() || database.tables().await.is_empty());
}

#[tokio::test]
async fn what_is_wrong_is_told_and_left_as_it_is() {
    let app = TestApp::start().await;
    let database = app.end().await;
    let key = database.folder.path().join("master.key");
    let failing = async |what: &str, words: &str| {
        let before = all_of_it(&database).await;
        let said = doctor(&database, &[]).await;
        let line = line(&said, what);
        assert!(line.starts_with("FAIL") && line.contains(words), "{words:?}: {said:?}");
        assert_eq!(all_of_it(&database).await, before, "{words}");
    };
    std::fs::rename(&key, key.with_extension("away")).unwrap();
    failing("key", "is missing").await;
    key_file::create(&key, &MasterKey::generate()).unwrap();
    failing("key", "is not the one").await;
    std::fs::write(&key, "not a key").unwrap();
    failing("key", "32 bytes").await;
    // A rotation that was cut short is no fault, and is not finished here.
    std::fs::remove_file(&key).unwrap();
    std::fs::rename(key.with_extension("away"), key_file::new_path(&key)).unwrap();
    let said = doctor(&database, &[]).await;
    assert!(line(&said, "key").starts_with("ok  ") && line(&said, "key").contains("cut short"), "{said:?}");
    assert!(!key.exists());
    std::fs::rename(key_file::new_path(&key), &key).unwrap();

    database.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 1").await;
    failing("trace", "row 1").await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    database.execute(newer).await;
    failing("database", "step 9999").await;
    database.execute("DELETE FROM _sqlx_migrations WHERE version > 3").await;
    failing("database", "brings it up to date").await;
    if let Some(file) = Db::file_of(&database.url) {
        std::fs::write(file, "something else").unwrap();
        let said = doctor(&database, &[]).await;
        assert!(line(&said, "database").contains("is not an SQLite database"), "{said:?}");
    }
    let said = run(&database, &["doctor"]).await;
    assert_eq!(said.code, Some(1));
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_a_line_too() {
    let database = TestDatabase::new().await;
    for (name, value, words) in [
        ("SPORTELLO_IMAP_TIMEUT", "5s", "SPORTELLO_IMAP_TIMEUT"),
        ("SPORTELLO_CA_FILE", "nowhere.pem", "ca_file"),
        ("SPORTELLO_PEC_TRUST_ANCHORS", "nowhere.pem", "pec_trust_anchors"),
        ("SPORTELLO_SMTP_URL", "smtp://user:Zanzara-9931@", "smtp_url"),
    ] {
        let said = doctor(&database, &[(name, value)]).await;
        assert!(line(&said, "settings").starts_with("FAIL") && line(&said, "settings").contains(words), "{said:?}");
        assert!(!said.out.contains("Zanzara") && !said.err.contains("Zanzara"), "{said:?}");
    }
}

#[tokio::test]
async fn each_watched_server_is_called_once_and_nobody_logs_in() {
    let server = MailServer::get();
    let app = TestApp::start().await;
    let (good, cut) = (Relay::to(server.imaps).await, Relay::to(server.imaps).await);
    cut.cut();
    let (strange, heard) = strange_server("HTTP/1.1 400 Bad Request\r\n").await;
    let at = |port: u16| move |mailbox: &mut sportello::model::mailbox::Mailbox| mailbox.card.imap.port = port;
    for (address, port) in [("a", good.port), ("b", good.port), ("c", cut.port)] {
        mailbox(&format!("{address}@pec.example")).with(at(port)).insert(&app).await;
    }
    let plain = |mailbox: &mut sportello::model::mailbox::Mailbox| {
        mailbox.card.imap.port = strange;
        mailbox.card.imap.security = sportello::model::server::Security::None;
    };
    mailbox("d@pec.example").with(plain).insert(&app).await;
    let said = doctor(&app.database, &[("SPORTELLO_ALLOW_PLAINTEXT_IMAP", "true")]).await;
    let imap: Vec<&str> = said.out.lines().filter(|line| line[5..].starts_with("imap:")).collect();
    assert_eq!(imap.len(), 3, "{said:?}");
    let of = |port: u16| imap.iter().find(|line| line.contains(&format!("127.0.0.1:{port}"))).unwrap();
    assert!(of(good.port).starts_with("ok  ") && of(cut.port).starts_with("FAIL"), "{said:?}");
    assert!(of(strange).starts_with("FAIL") && of(strange).contains("IMAP"), "{said:?}");
    assert_eq!(good.connections(), 1);
    assert!(!heard.await.unwrap().contains("LOGIN"));
    // An authority that nobody trusts is told, too.
    let said = doctor(&app.database, &[("SPORTELLO_CA_FILE", "")]).await;
    let untrusted = said.out.lines().find(|line| line.contains(&format!(":{} (tls)", good.port))).unwrap();
    assert!(untrusted.starts_with("FAIL") && untrusted.contains("ca_file"), "{said:?}");
    app.end().await;
}

/// A server that says this to the first who comes; gives back what it hears.
async fn strange_server(words: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut socket = BufReader::new(socket);
        let mut heard = String::new();
        // A line that another follows at once is marked.
        for line in words.split_inclusive('\n') {
            let bare = line.strip_prefix("> ").unwrap_or(line);
            let _ = socket.get_mut().write_all(bare.as_bytes()).await;
            if bare == line {
                let _ = socket.read_line(&mut heard).await;
            }
        }
        heard
    });
    (port, heard)
}

#[tokio::test]
async fn the_server_for_outgoing_mail_is_greeted_and_its_password_is_not_said() {
    let server = MailServer::get();
    let database = TestApp::start().await.end().await;
    let smtp = async |url: String| {
        let said = doctor(&database, &[("SPORTELLO_SMTP_URL", &url)]).await;
        assert!(!said.out.contains("Zanzara") && !said.err.contains("Zanzara"), "{said:?}");
        line(&said, "smtp").to_string()
    };
    let said = smtp(format!("smtps://me:Zanzara-9931@127.0.0.1:{}", server.smtps)).await;
    assert!(said.starts_with("ok  "), "{said}");
    for tls in ["", "?tls=required", "?tls=opportunistic", "?tls=none"] {
        let said = smtp(format!("smtp://me:Zanzara-9931@127.0.0.1:{}{tls}", server.smtp)).await;
        assert!(said.starts_with("ok  "), "{tls}: {said}");
    }

    let (port, heard) = strange_server("220 mail.example ESMTP\r\n> 250-mail.example\r\n250 SIZE 1000\r\n").await;
    let said = smtp(format!("smtp://me:Zanzara-9931@127.0.0.1:{port}")).await;
    assert!(said.starts_with("FAIL") && said.contains("STARTTLS"), "{said}");
    assert!(heard.await.unwrap().starts_with("EHLO"));
    for words in ["554 go away\r\n", "* OK I am IMAP\r\n"] {
        let (port, _) = strange_server(words).await;
        let said = smtp(format!("smtp://127.0.0.1:{port}?tls=none")).await;
        assert!(said.starts_with("FAIL") && said.contains("The server"), "{said}");
    }
    let nobody = Relay::to(1).await;
    nobody.cut();
    let said = smtp(format!("smtps://me:Zanzara-9931@127.0.0.1:{}", nobody.port)).await;
    assert!(said.starts_with("FAIL"), "{said}");
}
