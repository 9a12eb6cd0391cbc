//! In charge of how mails that came to the desk are shown: their words whatever their charset, their pictures in place, nothing that
//! runs or is fetched, what certified mail says of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::story::{Desk, desk};
use crate::support::builders::held_mail;
use crate::support::mail::MailServer;

/// A picture of 34 bytes, which no two numbers share.
fn png(number: u8) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0", &[number; 5][..]].concat()
}

fn part(head: &str, bytes: &[u8]) -> String {
    format!("--b\r\n{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n", STANDARD.encode(bytes))
}

/// A mail of parts.
fn mixed(from: &str, id: &str, subject: &str, parts: &[String]) -> String {
    format!(
        "From: {from}\r\nTo: <aiuto@desk.example>\r\nSubject: {subject}\r\nMessage-ID: <{id}@sara.example>\r\n\
         Date: Mon, 15 Jun 2026 09:00:00 +0200\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n",
        parts.concat()
    )
}

fn html(text: &str) -> String {
    part("Content-Type: text/html; charset=utf-8", text.as_bytes())
}

impl Desk<'_> {
    pub(super) async fn ticket_about(&self, subject: &str) -> String {
        let tickets = self.tickets().await;
        let found = tickets.iter().find(|one| one["subject"] == subject);
        found.unwrap_or_else(|| panic!("{subject}: {tickets:?}"))["number"].as_str().unwrap().to_string()
    }

    /// The first thing said in the request of this subject.
    pub(super) async fn said(&self, subject: &str) -> Value {
        self.history(&self.ticket_about(subject).await).await.remove(0)
    }
}

#[tokio::test]
async fn words_pictures_and_files_of_a_mail_are_seen_in_its_request() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, person) = desk.clerk(server).await;
    let from = format!("Sara Bini <{}>", sara.address);
    // E13: a sample of the corpus, from her.
    let raw =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mail/incoming/senza-charset-1252.eml")).unwrap();
    let at = raw.windows(5).position(|bytes| bytes == b"From:").unwrap();
    let end = at + raw[at..].iter().position(|byte| *byte == b'\n').unwrap();
    desk.address.deliver_raw(&[&raw[..at], format!("From: {from}\r").as_bytes(), &raw[end..]].concat()).await;
    desk.settled(1).await;
    let old = desk.tickets().await[0]["number"].as_str().unwrap().to_string();
    let said = desk.history(&old).await.remove(0);
    assert!(said["body_text"].as_str().unwrap().contains('à'), "{said}");
    assert_eq!((&said["body_html"], &said["pec"]), (&Value::Null, &Value::Null));

    // E02: two pictures, and one that the HTML shows in its place.
    let parts = [
        html(
            "<p>Ecco la <b>schermata</b>:</p><img src=\"cid:s1@sara\"><img src=\"https://traccia.example/1.gif\"><script>no()</script>",
        ),
        part(
            "Content-Type: image/png; name=schermata.png\r\nContent-ID: <s1@sara>\r\nContent-Disposition: inline",
            &png(1),
        ),
        part("Content-Type: image/png; name=uno.png\r\nContent-Disposition: attachment", &png(2)),
        part("Content-Type: application/octet-stream; name=due.png\r\nContent-Disposition: attachment", &png(3)),
        part("Content-Type: image/png; name=finta.png\r\nContent-Disposition: attachment", b"<script>no()</script>"),
    ];
    desk.address.deliver_raw(mixed(&from, "due", "Schermata", &parts).as_bytes()).await;
    desk.settled(2).await;
    let said = desk.said("Schermata").await;
    let number = desk.ticket_about("Schermata").await;
    let (id, files) = (said["id"].as_str().unwrap(), said["attachments"].as_array().unwrap());
    assert_eq!(files.len(), 4, "{said}");
    let of_api = said["body_html"].as_str().unwrap();
    assert!(of_api.contains("<b>schermata</b>") && !of_api.contains("src=") && !of_api.contains("script"), "{of_api}");
    let operator = desk.app.browser(&desk.operator).await;
    let page = operator.get(&format!("/operatore/{number}")).await.expect(200);
    for words in
        ["Mostra com’è stata scritta", "1 immagine remota bloccata.", "Mostra le immagini", "Apri a tutta pagina"]
    {
        assert!(page.words().contains(words), "{words}: {}", page.words());
    }
    assert_eq!(page.text.matches("class=\"sp-thumb\"").count(), 3, "three are pictures: {}", page.text);
    assert!(
        page.text
            .contains("<iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\" title=\"Corpo del messaggio\"")
    );

    // The body: her picture is in its place, nothing else is.
    let frame = format!("/messaggi/{id}/corpo");
    let body = operator.get(&frame).await.expect(200);
    assert!(body.text.contains("<img src=\"data:image/png;base64,") && !body.text.contains("traccia"), "{}", body.text);
    assert!(!body.text.contains("script"), "{}", body.text);
    let policy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'";
    for (name, value) in [
        ("content-security-policy", policy),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-frame-options", "SAMEORIGIN"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", ""),
    ] {
        assert_eq!(body.header(name), value, "{name}");
    }
    // Pictures from elsewhere come when they are asked for, and that is written down.
    let shown = operator.get(&format!("{frame}?immagini=1")).await.expect(200);
    assert!(shown.text.contains("src=\"https://traccia.example/1.gif\""), "{}", shown.text);
    assert_eq!(shown.header("content-security-policy"), policy.replace("data:", "data: https:"));
    let noted = format!("SELECT COUNT(*) FROM audit WHERE action = 'ticket.images-shown' AND subject = '{number}'");
    assert_eq!(desk.app.database.number(&noted).await, 1);

    // She sees what she wrote; who has nothing to do with it finds nothing.
    let hers = desk.app.browser(&person).await;
    hers.get(&frame).await.expect(200);
    let of_request = hers.get(&format!("/richieste/{number}")).await.expect(200);
    assert!(of_request.text.contains(&format!("name=\"corpo-{id}\"")), "{}", of_request.text);
    let picture = format!("/allegati/{}/immagine", files[0]["id"].as_str().unwrap());
    let seen = hers.get(&picture).await.expect(200);
    assert_eq!(seen.header("content-type"), "image/png");
    assert_eq!(seen.header("content-security-policy"), "sandbox; default-src 'none'");
    hers.get(&format!("/allegati/{}/immagine", files[3]["id"].as_str().unwrap())).await.expect(404);
    let stranger = desk.app.browser(&desk.stranger).await;
    for path in [&frame, &picture] {
        stranger.get(path).await.expect(404);
    }
    // What has no HTML has no body to show.
    let plain = desk.history(&old).await.remove(0);
    operator.get(&format!("/messaggi/{}/corpo", plain["id"].as_str().unwrap())).await.expect(404);
    desk.app.end().await;
}

#[tokio::test]
async fn a_note_has_no_body_for_who_asked_and_decorations_step_aside() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, person) = desk.clerk(server).await;
    let from = format!("Sara Bini <{}>", sara.address);
    let logo = part("Content-Type: image/png; name=logo.png\r\nContent-ID: <l@sara>", &png(9));
    let large = part("Content-Type: image/png; name=grande.png", &[png(8), vec![7; 40_000]].concat());
    for at in 1..=3 {
        let own = part(&format!("Content-Type: image/png; name=propria{at}.png"), &png(at));
        let parts = [html("<p>Testo</p><img src=cid:l@sara>"), logo.clone(), large.clone(), own];
        desk.address.deliver_raw(mixed(&from, &format!("d{at}"), &format!("Firma {at}"), &parts).as_bytes()).await;
        desk.settled(i64::from(at)).await;
        let page = desk.app.browser(&desk.operator).await;
        let page = page.get(&format!("/operatore/{}", desk.ticket_about("Firma 1").await)).await.expect(200);
        let hidden = page.words().contains("Mostra le immagini decorative (1)");
        assert_eq!(hidden, at == 3, "{at}: {}", page.words());
        assert!(page.text.contains("logo.png") && page.text.contains("grande.png"), "all are still there");
    }
    // A mail that became a note's neighbour: the note itself is the desk's.
    let number = desk.ticket_about("Firma 1").await;
    let note = json!({"kind": "internal", "body_text": "Nota"});
    let note = desk.anna.post(&format!("/tickets/{number}/messages"), note).await.expect(201).json();
    let path = format!("/messaggi/{}/corpo", note["id"].as_str().unwrap());
    for who in [&person, &desk.operator] {
        desk.app.browser(who).await.get(&path).await.expect(404);
    }
    desk.app.end().await;
}

#[tokio::test]
async fn a_body_that_is_too_much_is_its_words() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let from = format!("Sara Bini <{}>", sara.address);
    let deep = format!("{}In fondo", "<div>".repeat(5000));
    desk.address.deliver_raw(mixed(&from, "p", "Profonda", &[html(&deep)]).as_bytes()).await;
    let pack = part("Content-Type: application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22 rotto");
    desk.address.deliver_raw(mixed(&from, "w", "Pacco rotto", &[pack]).as_bytes()).await;
    desk.settled(2).await;
    let said = desk.said("Profonda").await;
    assert_eq!((said["body_text"].as_str(), &said["body_html"]), (Some("In fondo"), &Value::Null));
    assert_eq!(desk.said("Pacco rotto").await["attachments"][0]["name"], "winmail.dat");
    desk.app.end().await;
}

/// An envelope of certified mail, or of an anomaly, around what somebody wrote.
fn envelope(kind: &str, provider: &str, (sender, from): (&str, &str), results: &str, subject: &str) -> String {
    let data = format!(
        "<postacert tipo=\"posta-certificata\"><intestazione><mittente>{sender}</mittente></intestazione>\
         <dati><identificativo>opec.{subject}@gestore</identificativo></dati></postacert>"
    );
    let data = if kind == "errore" {
        String::new()
    } else {
        part("Content-Type: application/xml; name=daticert.xml", data.as_bytes())
    };
    let inner = format!(
        "From: {from}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@interno.example>\r\n\r\nNella busta di {subject}"
    );
    format!(
        "From: \"Per conto di: {sender}\" <posta-certificata@{provider}>\r\nTo: <aiuto@desk.example>\r\nSubject: POSTA CERTIFICATA: {subject}\r\n\
         X-Trasporto: {kind}\r\nX-Riferimento-Message-ID: <rif.{subject}@ente.example>\r\nMessage-ID: <opec.{subject}@gestore>\r\n{results}\
         MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=s\r\n\r\n\
         --s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nMessaggio di posta certificata\r\n{data}\
         --b\r\nContent-Type: message/rfc822; name=\"postacert.eml\"\r\n\r\n{inner}\r\n--b--\r\n\
         --s\r\nContent-Type: application/x-pkcs7-signature; name=smime.p7s\r\n\r\nx\r\n--s--\r\n"
    )
}

#[tokio::test]
async fn certified_mail_is_told_and_is_as_true_as_its_envelope() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, person) = desk.clerk(server).await;
    let from = format!("Sara Bini <{}>", sara.address);
    let own = (sara.address.as_str(), from.as_str());
    let ours = |said: &str| format!("Authentication-Results: 127.0.0.1; {said}\r\n");
    let (aruba, other) = ("pec.aruba.it", "altrove.example");
    // Of what our own server says, whether it is let in.
    let cases = [
        ("busta", aruba, String::new(), true),
        ("sconosciuto", other, String::new(), true),
        (
            "altrui",
            other,
            "Authentication-Results: mx.altrove.example; spf=pass smtp.mailfrom=altrove.example\r\n".into(),
            true,
        ),
        ("passa", aruba, ours("dkim=pass header.d=pec.aruba.it"), true),
        ("spf", aruba, ours("spf=pass smtp.mailfrom=posta-certificata@pec.aruba.it"), true),
        ("dmarc", aruba, ours("dmarc=pass header.from=pec.aruba.it"), true),
        ("fallisce", aruba, ours("dkim=fail header.d=pec.aruba.it"), false),
        ("nulla", aruba, ours("spf=none; dkim=none"), false),
        ("altro-dominio", aruba, ours("spf=pass smtp.mailfrom=a@altrove.example"), false),
        (
            "ignoto",
            other,
            ours("spf=pass smtp.mailfrom=altrove.example; dmarc=pass header.from=altrove.example"),
            false,
        ),
    ];
    for (subject, provider, results, _) in &cases {
        let mail = envelope("posta-certificata", provider, own, results, subject);
        desk.address.deliver_raw(mail.as_bytes()).await;
    }
    // Who the provider says has sent it is not who the letter says.
    let mail = envelope("posta-certificata", aruba, ("altri@pec.example", &from), "", "diverso");
    desk.address.deliver_raw(mail.as_bytes()).await;
    let mail = envelope("errore", aruba, own, "", "anomalia");
    desk.address.deliver_raw(mail.as_bytes()).await;
    // Its provider passes, but vouches for nothing within.
    let mail = envelope("errore", aruba, own, &ours("dkim=pass header.d=pec.aruba.it"), "anomalia-passa");
    desk.address.deliver_raw(mail.as_bytes()).await;
    desk.address.deliver("delivery", 1).await;
    desk.settled(cases.len() as i64 + 4).await;
    let held = desk.held().await;
    let reason = |subject: &str| held.iter().find(|one| one["subject"] == subject).map(|one| one["reason"].clone());
    for (subject, _, _, is_let_in) in &cases {
        let is_there = desk.tickets().await.iter().any(|one| one["subject"] == *subject);
        let why = reason(subject);
        assert_eq!((is_there, why), (*is_let_in, (!is_let_in).then(|| json!("suspicious"))), "{subject}");
    }
    assert_eq!(reason("diverso"), Some(json!("suspicious")));
    assert_eq!(reason("anomalia-passa"), Some(json!("suspicious")));
    assert_eq!(desk.tickets().await.len(), 7, "a receipt opens nothing");

    let said = desk.said("busta").await;
    assert_eq!(said["body_text"], "Nella busta di busta");
    // What she answers from her own sent mail cites the id that her program gave it; others cite the provider's.
    let busta = desk.ticket_about("busta").await;
    for id in ["rif.busta@ente.example", "opec.busta@gestore"] {
        let headers = format!("Subject: Altro ancora\r\nMessage-ID: <r.{id}>\r\nIn-Reply-To: <{id}>\r\n");
        desk.write(&sara.address, &headers, id).await;
    }
    desk.settled(cases.len() as i64 + 6).await;
    assert_eq!(desk.history(&busta).await.len(), 3);
    assert_eq!(
        said["pec"],
        json!({"kind": "certified_message", "signature": "unverifiable", "provider": null, "obsolete_algorithm": false,
               "sender": sara.address,
               "identifier": "opec.busta@gestore", "reference_message_id": "rif.busta@ente.example"})
    );
    assert_eq!(desk.said("anomalia").await["pec"]["kind"], "anomaly");
    let page = async |subject: &str| {
        let path = format!("/operatore/{}", desk.ticket_about(subject).await);
        desk.app.browser(&desk.operator).await.get(&path).await.expect(200).words()
    };
    let busta = page("busta").await;
    assert!(busta.contains(&format!("PEC {} · firma del gestore non verificabile", sara.address)), "{busta}");
    let anomalia = page("anomalia").await;
    assert!(anomalia.contains("Posta ordinaria firma del gestore non verificabile"), "{anomalia}");
    let hers = desk.app.browser(&person).await.get(&format!("/richieste/{}", desk.ticket_about("busta").await)).await;
    assert!(hers.expect(200).words().contains("firma del gestore non verificabile"));
    desk.app.end().await;
}

#[tokio::test]
async fn a_held_mail_is_read_before_it_is_decided() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let text = part(
        "Content-Type: text/plain; charset=utf-8",
        "Aprite <b>subito</b>\n\nIl giorno 14/06/2026 Tizio ha scritto:\n> ieri\n".as_bytes(),
    );
    let file = part("Content-Type: application/pdf; name=modulo.pdf\r\nContent-Disposition: attachment", b"%PDF");
    desk.address.deliver_raw(mixed("Tizio <tizio@altrove.example>", "t", "Salve", &[text, file]).as_bytes()).await;
    desk.settled(1).await;
    let path = format!("/operatore/posta/{}", desk.held().await[0]["id"].as_str().unwrap());
    let operator = desk.app.browser(&desk.operator).await;
    let page = operator.get(&path).await.expect(200);
    let words = page.words();
    for told in ["Salve", "Tizio", "aiuto@desk.example", "Aprite <b>subito</b>", "ieri", "modulo.pdf"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(operator.get("/operatore/posta").await.expect(200).leads_to(&path));
    desk.app.browser(&desk.stranger).await.get(&path).await.expect(404);
    // What was thrown away can still be read, and is not thrown away again; of what was let in the request is read.
    let other = format!("/operatore/posta/{}", held_mail(&desk.app, "Offerta", "Comprate").await.id);
    assert!(operator.get(&other).await.expect(200).words().contains("Comprate"));
    operator.post(&other, &format!("{other}/scarta"), &[]).await.expect(303);
    assert!(!operator.get(&other).await.expect(200).text.contains("/scarta\""));
    operator.post(&path, &format!("{path}/accetta"), &[]).await.expect(303);
    assert!(operator.get(&path).await.expect(303).header("location").starts_with("/operatore/TK-"));
    desk.app.end().await;
}
