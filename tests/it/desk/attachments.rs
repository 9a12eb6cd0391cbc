//! In charge of files that people send along: taken whole, kept once, given back as downloads to who sees the message.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Setup, TestApp};
use crate::support::client::{Answer, Api, WITH_FILES, with_files};

/// Uploads a file of this name.
async fn upload(api: &Api, name: &str, bytes: &[u8]) -> Answer {
    let request = api.request(Method::POST, "/attachments").header("Content-Type", WITH_FILES);
    let body = with_files(&[], &[("file", name, bytes)]);
    api.send(request.body(body)).await
}

async fn id(answer: Answer) -> String {
    answer.expect(201).json()["id"].as_str().unwrap().to_string()
}

#[tokio::test]
async fn a_file_goes_with_its_message_to_who_sees_it() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna, carla) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.carla).await);
    let bytes: Vec<u8> = (0..3_000_000u32).map(|number| (number * 7 % 251) as u8).collect();
    let made = upload(&elena, "../verbale è.html", &bytes).await.expect(201).json();
    assert_eq!((made["name"].as_str(), made["size"].as_i64()), (Some("verbale è.html"), Some(3_000_000)));
    assert_eq!(made["sha256"].as_str().unwrap().len(), 64);
    let path = format!("/attachments/{}", made["id"].as_str().unwrap());
    anna.get(&path).await.expect(404);
    let body = json!({"subject": "S", "body": "B", "area": "pec", "attachments": [made["id"]]});
    assert_eq!(carla.post("/tickets", body.clone()).await.wrong_fields(), ["attachments"], "only its sender names it");
    let ticket = elena.post("/tickets", body.clone()).await.expect(201).json();
    assert_eq!(elena.post("/tickets", body).await.wrong_fields(), ["attachments"], "it has gone already");
    let ticket = format!("/tickets/{}", ticket["number"].as_str().unwrap());
    let listed = anna.get(&format!("{ticket}/messages")).await.expect(200).json();
    assert_eq!(listed["items"][0]["attachments"][0]["sha256"], made["sha256"]);
    let back = anna.send(anna.request(Method::GET, &path)).await.expect(200);
    assert_eq!(back.header("content-type"), "application/octet-stream", "a browser runs nothing of it");
    assert!(back.header("content-disposition").starts_with("attachment; filename=\"verbale__.html\""));
    assert!(back.header("content-disposition").contains("filename*=UTF-8''verbale%20%C3%A8.html"));
    assert_eq!(back.header("content-length"), "3000000");
    carla.get(&path).await.expect(404);

    let note = id(upload(&anna, "nota.txt", b"solo per noi").await).await;
    let said = json!({"kind": "internal", "body_text": "Nota", "attachments": [note]});
    anna.post(&format!("{ticket}/messages"), said).await.expect(201);
    elena.get(&format!("/attachments/{note}")).await.expect(404);
    let browser = app.browser(&cast.elena).await;
    browser.get(&format!("/allegati/{note}")).await.expect(404);
    browser.get(&format!("/allegati/{}", made["id"].as_str().unwrap())).await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn what_is_not_taken_is_told_and_leaves_nothing_behind() {
    let setup = Setup::new().await.settings(|settings| settings.max_upload = "1 MiB".parse().unwrap());
    let app = setup.start().await;
    let cast = app.cast().await;
    let elena = app.api(&cast.elena).await;
    assert_eq!(upload(&elena, "fattura.pdf.exe", b"MZ").await.wrong_fields(), ["file"]);
    upload(&elena, "grande.bin", &vec![0; 1_200_000]).await.expect(413);
    let request = elena.request(Method::POST, "/attachments").header("Content-Type", "multipart/form-data; boundary=b");
    assert_eq!(elena.send(request.body("nonsense")).await.status, 422);
    let one = id(upload(&elena, "a.txt", b"uguale").await).await;
    let two = id(upload(&elena, "b.txt", b"uguale").await).await;
    assert_ne!(one, two);
    let files = app.database.folder.path().join("files");
    let kept: Vec<String> = std::fs::read_dir(files)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().to_string())
        .collect();
    assert_eq!(kept.len(), 1, "the same bytes lie there once, and nothing unfinished: {kept:?}");
    assert_eq!(
        elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec", "attachments": [one]})).await.status,
        201
    );
    assert_ne!(Value::from(two), Value::Null);
    app.end().await;
}

#[tokio::test]
async fn a_page_takes_files_without_scripts_and_keeps_them_when_something_is_wrong() {
    let setup = Setup::new().await.settings(|settings| settings.max_upload = "1 MiB".parse().unwrap());
    let app = setup.start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.elena).await;
    let csrf = browser.csrf("/richieste/nuova").await;
    let send = async |token: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]| {
        let fields: Vec<(&str, &str)> = std::iter::once(("csrf", token)).chain(fields.iter().copied()).collect();
        let files: Vec<(&str, &str, &[u8])> = files.iter().map(|(name, bytes)| ("files", *name, *bytes)).collect();
        let request = browser.request(Method::POST, "/richieste").header("Content-Type", WITH_FILES);
        browser.send(request.body(with_files(&fields, &files))).await
    };
    let good = [("subject", "Oggetto"), ("body", "Testo"), ("area", "pec"), ("kind", "incident"), ("priority", "low")];
    send("x", &good, &[("a.txt", b"a")]).await.expect(403);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM attachments").await, 0, "nothing is kept without the token");
    let again = send(&csrf, &good[..2], &[("verbale.pdf", b"uno"), ("virus.exe", b"MZ")]).await.expect(422);
    assert!(again.text.contains("verbale.pdf") && again.text.contains("value=\"Oggetto\""), "what was given is kept");
    assert!(again.words().contains("non si possono allegare"));
    let big = vec![0u8; 1_100_000];
    let too_large = send(&csrf, &good, &[("grande.bin", &big)]).await.expect(422);
    assert!(too_large.leads_to("#files") && too_large.words().contains("supera la grandezza"));
    let kept = again.text.split("name=\"attachments\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let with_kept = [good.as_slice(), &[("attachments", kept.as_str())]].concat();
    let sent = send(&csrf, &with_kept, &[("altro.txt", b"due"), ("", b"")]).await.expect(303);
    let page = browser.get(sent.header("location")).await.expect(200);
    assert!(page.text.contains("verbale.pdf") && page.text.contains("altro.txt"));
    app.end().await;
}
