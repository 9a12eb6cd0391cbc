//! In charge of what programs read of a mailbox: folders, lists, messages, their bytes. Nothing is marked, here or there.

use std::collections::BTreeSet;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::app::TestApp;
use crate::support::client::Api;
use crate::support::mail::MailServer;
use crate::support::root;

fn messages(id: &str, folder: &str) -> String {
    format!("/mailboxes/{id}/folders/{}/messages", utf8_percent_encode(folder, NON_ALPHANUMERIC))
}

async fn all(api: &Api, path: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("{path}?limit={limit}{cursor}")).await.expect(200).json();
        let found = page["items"].as_array().unwrap();
        assert!(!found.is_empty() && found.len() <= limit);
        items.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn uids(items: &[Value]) -> Vec<u64> {
    items.iter().map(|one| one["uid"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn folders_have_their_names_uses_and_counts() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    let mut holder = account.second_client().await;
    holder.fill("ordinaria.eml", 3).await;
    for name in ["Perch&AOk- no", "Anno 2026/Uffici &- enti", "a\\\"b%*", "Bozze", "Cestino", "Spam"] {
        holder.say(&format!("CREATE \"{name}\"")).await;
    }
    holder.say("COPY 1:2 \"Anno 2026/Uffici &- enti\"").await;
    holder.mark_read("1").await;
    let path = format!("/mailboxes/{id}/folders");
    let whole = api.get(&path).await.expect(200).json();
    let told: Vec<(&str, Option<&str>, u64, u64)> = whole["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["name"].as_str().unwrap(),
                one["role"].as_str(),
                one["total"].as_u64().unwrap(),
                one["unread"].as_u64().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("INBOX", Some("inbox"), 3, 2),
        ("Anno 2026/Uffici & enti", None, 2, 2),
        ("Bozze", None, 0, 0),
        ("Cestino", None, 0, 0),
        ("Drafts", Some("drafts"), 0, 0),
        ("Inviata", Some("sent"), 0, 0),
        ("Perché no", None, 0, 0),
        ("Spam", Some("junk"), 0, 0),
        ("Trash", Some("trash"), 0, 0),
        ("a\"b%*", None, 0, 0),
    ];
    assert_eq!(told, expected);
    assert_eq!(all(&api, &path, 3).await, *whole["items"].as_array().unwrap());
    assert!(whole["items"][0]["uid_validity"].is_u64());
    // Each of them opens by its name.
    for (name, _, total, _) in expected {
        let found = api.get(&messages(&id, name)).await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len() as u64, total, "{name}");
    }
    let plain = api.get(&format!("/mailboxes/{id}/folders/inbox/messages")).await.expect(200).json();
    assert_eq!(plain["items"].as_array().unwrap().len(), 3, "INBOX in any case");
    app.end().await;
}

#[tokio::test]
async fn what_is_not_there_answers_404_and_is_not_sent() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    account.deliver_file("ordinaria.eml").await;
    let long = "x".repeat(3000);
    let hostile = [
        "nulla",
        "Drafts/",
        "a\r\nS9 DELETE Trash",
        "\0",
        "a\u{7f}b",
        "\u{85}",
        "\"",
        "\\",
        "*",
        "%",
        "INBOX/",
        "../INBOX",
        "&",
        "&AOk",
        "&AOk-",
        "{3}",
        "NIL",
        "(",
        "è",
        "📁",
        "{5+}\r\nINBOX",
        &long,
    ];
    for name in hostile {
        for tail in ["", "/1", "/1/raw"] {
            api.get(&format!("{}{tail}", messages(&id, name))).await.expect(404);
        }
    }
    api.get(&format!("/mailboxes/{id}/folders/%FF%FE/messages")).await.expect(404);
    for uid in ["0", "999", "-1", "x", "1.5", "4294967296", "1%2C2", "1%3A*", "%2A"] {
        for tail in ["", "/raw"] {
            api.get(&format!("{}/{uid}{tail}", messages(&id, "INBOX"))).await.expect(404);
        }
    }
    let trash = api.get(&messages(&id, "Trash")).await.expect(200).json();
    assert_eq!(trash, json!({"items": [], "next": null}), "it is still there");
    for (query, field) in
        [("limit=0", "limit"), ("limit=201", "limit"), ("cursor=x", "cursor"), ("cursor=WyJhIl0", "cursor")]
    {
        assert_eq!(api.get(&format!("{}?{query}", messages(&id, "INBOX"))).await.wrong_fields(), [field]);
    }
    assert_eq!(api.get(&format!("{}/1?uid_validity=x", messages(&id, "INBOX"))).await.wrong_fields(), ["uid_validity"]);
    assert_eq!(api.mailbox(&id).await["status"], "ok", "nothing of this is the mailbox's fault");
    app.end().await;
}

#[tokio::test]
async fn a_long_list_comes_once_each_to_its_end_whatever_is_deleted_meanwhile() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    let mut holder = account.second_client().await;
    holder.fill("ordinaria.eml", 457).await;
    let path = messages(&id, "INBOX");
    for limit in [200, 93] {
        let found = uids(&all(&api, &path, limit).await);
        assert_eq!(found, (1..=457).rev().collect::<Vec<u64>>(), "newest first, by {limit}");
    }
    assert_eq!(api.get(&path).await.json()["items"].as_array().unwrap().len(), 50);
    // Between one part and the next the holder deletes some of either, and mail comes.
    let first = api.get(&format!("{path}?limit=200")).await.expect(200).json();
    holder.expunge("200:300,400:450").await;
    account.deliver_file("ordinaria.eml").await;
    let second =
        api.get(&format!("{path}?limit=200&cursor={}", first["next"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(uids(second["items"].as_array().unwrap()), (1..200).rev().collect::<Vec<u64>>());
    assert_eq!(second["next"], Value::Null);
    // A folder numbered anew gives no wrong rows, and no other message than the one asked for.
    let validity =
        api.get(&format!("/mailboxes/{id}/folders")).await.json()["items"][0]["uid_validity"].as_u64().unwrap();
    api.get(&format!("{path}/1?uid_validity={validity}")).await.expect(200);
    drop(holder);
    account.renumber();
    let stale = api.get(&format!("{path}?cursor={}", first["next"].as_str().unwrap())).await.expect(409);
    assert!(stale.json()["detail"].as_str().unwrap().contains("numerato di nuovo"), "{}", stale.text);
    for tail in ["", "/raw"] {
        api.get(&format!("{path}/1{tail}?uid_validity={validity}")).await.expect(409);
    }
    api.get(&format!("{path}/1")).await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn every_message_is_listed_opened_and_given_whole_however_broken() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    let folder = root().join("tests/mail");
    let mut names: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".eml"));
    names.sort();
    for name in &names {
        account.deliver_file(name).await;
    }
    let hostile = hostile_messages();
    for raw in &hostile {
        account.deliver_raw(raw).await;
    }
    let flags = account.flags().await;
    let path = messages(&id, "INBOX");
    let listed = all(&api, &path, 200).await;
    assert_eq!(listed.len(), names.len() + hostile.len());
    for (place, envelope) in listed.iter().rev().enumerate() {
        assert_eq!(envelope["readable"], true, "{envelope}");
        assert!(envelope["pec"]["kind"].is_string(), "{envelope}");
        let shown = api.get(&format!("{path}/{}", envelope["uid"])).await.expect(200).json();
        for member in ["uid", "subject", "from", "to", "date", "size", "flags", "pec"] {
            assert_eq!(shown[member], envelope[member], "{member} of {envelope} in list and message");
        }
        // Of broken parts the server and we may think differently.
        if names.get(place).is_some_and(|name| !name.starts_with("broken")) {
            assert_eq!(shown["has_attachments"], envelope["has_attachments"], "{}", names[place]);
        }
        assert!(shown["html"].is_null() && shown["text"].is_string() && shown["headers"].is_array());
        let raw = raw(&api, &format!("{path}/{}/raw", envelope["uid"])).await;
        assert_eq!(raw.len() as u64, envelope["size"].as_u64().unwrap());
    }
    assert_eq!(account.flags().await, flags, "nothing is marked on the server");
    assert_eq!((&api.mailbox(&id).await["new_messages"], &api.mailbox(&id).await["status"]), (&json!(0), &json!("ok")));
    app.end().await;
}

/// Bytes that have stopped other programs.
fn hostile_messages() -> Vec<Vec<u8>> {
    let headers: String = (0..10_000).map(|n| format!("X-{n}: {n}\r\n")).collect();
    let parts = "--b\r\nContent-Type: application/pdf; name=\"\u{e8}.pdf\"\r\n\r\nx\r\n".repeat(3_000);
    let deep: String =
        (0..150).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect();
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(150);
    let mut junk: Vec<u8> = (1..=255u8).cycle().take(40_000).filter(|byte| !matches!(byte, b'\r')).collect();
    junk.extend_from_slice(b"\r\n");
    vec![
        b"\r\nno headers\r\n".to_vec(),
        b"no headers, no body\r\n".to_vec(),
        format!("{headers}Subject: in fondo\r\n\r\ntesto\r\n").into_bytes(),
        format!("Subject: parti\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n").into_bytes(),
        format!("Subject: profondo\r\n{deep}").into_bytes(),
        format!("Subject: annidato\r\n{nested}").into_bytes(),
        junk,
        b"Subject: =?utf-8?b?////?= \xff\xfe\r\nFrom: <<>>\"\\\r\nTo: ,,;:@\r\nDate: 99\r\nContent-Type: ;;;\r\n\r\nx\r\n".to_vec(),
        format!("Subject: {}\r\nFrom: {}\r\n\r\nx\r\n", "s".repeat(100_000), "a@b, ".repeat(20_000)).into_bytes(),
        format!("Content-Type: application/pdf; name=\"{}\"\r\n\r\nx\r\n", "\u{e8}".repeat(500_000)).into_bytes(),
    ]
}

/// The bytes of a message, with what comes along.
async fn raw(api: &Api, path: &str) -> Vec<u8> {
    let response = api.request(reqwest::Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_string();
    assert_eq!(header("content-type"), "message/rfc822");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").starts_with("sandbox"));
    assert!(header("content-disposition").starts_with("attachment; filename=\"messaggio-"));
    let length: usize = header("content-length").parse().unwrap();
    let bytes = response.bytes().await.unwrap().to_vec();
    assert_eq!(bytes.len(), length);
    bytes
}

#[tokio::test]
async fn the_bytes_are_those_that_were_put_there_whatever_their_number() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    let mut holder = account.second_client().await;
    let piece = 65_536;
    // Around the size of a piece, and one far past what is read of a message to be shown.
    let sizes = [20, piece - 1, piece, piece + 1, 2 * piece, 9_000_001];
    let mut expected = Vec::new();
    for size in sizes {
        let line = "Perch\u{e9} no? ".bytes().chain(*b"0123456789\r\n").cycle();
        let raw: Vec<u8> = b"Subject: x\r\n\r\n".iter().copied().chain(line).take(size).collect();
        expected.push(Sha256::digest(&raw));
        holder.append("INBOX", &raw).await;
    }
    let flags = account.flags().await;
    for (place, expected) in expected.iter().enumerate() {
        let bytes = raw(&api, &format!("{}/{}/raw", messages(&id, "INBOX"), place + 1)).await;
        assert_eq!((bytes.len(), Sha256::digest(&bytes)), (sizes[place], *expected));
    }
    let last = format!("{}/{}", messages(&id, "INBOX"), sizes.len());
    let shown = api.get(&last).await.expect(200).json();
    assert_eq!((&shown["truncated"], &shown["size"]), (&json!(true), &json!(9_000_001)));
    assert_eq!(account.flags().await, flags);
    app.end().await;
}

#[tokio::test]
async fn reading_counts_nothing_as_seen_and_leaves_its_trace() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched(&api).await;
    account.deliver("certified_message", 1).await;
    account.deliver_file("ordinaria.eml").await;
    let before = api.refreshed(&id).await;
    assert_eq!((&before["new_messages"], &before["unread_messages"]), (&json!(2), &json!(2)));
    let flags = account.flags().await;
    let path = messages(&id, "INBOX");
    for tail in [format!("/mailboxes/{id}/folders"), path.clone(), format!("{path}/1"), format!("{path}/1/raw")] {
        api.get(&tail).await.expect(200);
    }
    let envelope = &api.get(&path).await.expect(200).json()["items"][1];
    assert_eq!((&envelope["pec"]["kind"], &envelope["flags"]), (&json!("certified_message"), &json!([])));
    assert!(envelope["subject"].as_str().unwrap().starts_with("POSTA CERTIFICATA: "));
    assert!(!envelope["pec"]["subject"].as_str().unwrap().contains("POSTA CERTIFICATA"));
    assert_eq!(envelope["pec"]["sender"], envelope["from"]);
    let members: BTreeSet<&str> = envelope["pec"].as_object().unwrap().keys().map(String::as_str).collect();
    let expected = "kind signature provider sender subject identifier reference_message_id recipients at error";
    assert_eq!(members, expected.split(' ').collect());
    assert_eq!(account.flags().await, flags);
    let after = api.mailbox(&id).await;
    assert_eq!((&after["new_messages"], &after["unread_messages"]), (&json!(2), &json!(2)), "the mark is the page's");
    assert_eq!(api.refreshed(&id).await["new_messages"], 2);
    let trace = app.database.texts("SELECT action || ' ' || actor || ' ' || detail FROM audit ORDER BY seq").await;
    let email = &dario.email;
    for act in [
        format!("folders.read {email} "),
        format!("folder.read {email} INBOX"),
        format!("message.read {email} INBOX, uid 1"),
        format!("message.downloaded {email} INBOX, uid 1"),
    ] {
        assert!(trace.contains(&act), "{act} is not in {trace:?}");
    }
    app.end().await;
}

#[tokio::test]
async fn who_reads_is_who_may_open_the_mailbox() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let cast = app.cast().await;
    let dario = app.api(&cast.dario).await;
    let id = account.watched(&dario).await;
    let change = json!({"organization_id": cast.comune.id.as_str()});
    dario.patch(&format!("/mailboxes/{id}"), change).await.expect(200);
    account.deliver_file("ordinaria.eml").await;
    let people = [(&cast.dario, 200), (&cast.carla, 200), (&cast.anna, 403), (&cast.elena, 404), (&cast.ugo, 404)];
    for (person, status) in people {
        let api = app.api(person).await;
        let path = messages(&id, "INBOX");
        for path in [format!("/mailboxes/{id}/folders"), path.clone(), format!("{path}/1"), format!("{path}/1/raw")] {
            let answer = api.get(&path).await;
            assert_eq!(answer.status, status, "{path} as {}", person.name);
            assert!(status == 200 || !answer.text.contains("INBOX\""), "{}", answer.text);
        }
    }
    app.end().await;
}
