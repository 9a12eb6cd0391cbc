//! In charge of showing what people read of real-looking and of broken messages.

use super::*;

fn marks() -> Marks {
    Marks { size: 10, flags: vec!["\\seen".into()], ..Marks::of(7) }
}

macro_rules! sample {
    ($name:literal) => {
        message(&marks(), include_bytes!(concat!("../../../tests/mail/", $name, ".eml")), false)
    };
}

fn read(raw: &str) -> Message {
    message(&marks(), raw.replace('\n', "\r\n").as_bytes(), false)
}

/// An address alone, and not the provider's.
fn is_bare_author(shown: &str) -> bool {
    shown.contains('@') && !shown.contains(['<', ' ', ':']) && !shown.starts_with("posta-certificata@")
}

#[test]
fn a_certified_message_shows_its_author_and_its_words() {
    let busta = sample!("busta");
    assert_eq!(busta.envelope.kind, PecKind::CertifiedMessage);
    assert!(is_bare_author(&busta.envelope.from), "{}", busta.envelope.from);
    assert!(busta.envelope.subject.starts_with("POSTA CERTIFICATA: "));
    assert!(busta.text.starts_with("Spett.le Ente,\n\n"), "{}", busta.text);
    assert_eq!((busta.envelope.to.len(), busta.envelope.date.is_some()), (1, true));
    let rem = sample!("rem-dispatch");
    assert_eq!((rem.envelope.kind, is_bare_author(&rem.envelope.from)), (PecKind::RemDispatch, true));
    assert!(rem.text.starts_with("Spett.le Ente,"), "{}", rem.text);
}

#[test]
fn an_anomaly_shows_the_warning_before_what_it_carries() {
    let anomaly = sample!("anomalia");
    assert_eq!((anomaly.envelope.kind, is_bare_author(&anomaly.envelope.from)), (PecKind::Anomaly, true));
    assert!(anomaly.text.starts_with("Anomalia nel messaggio"));
    assert!(anomaly.text.contains("Cordiali saluti"), "{}", anomaly.text);
}

#[test]
fn receipts_show_the_words_of_the_provider() {
    for (receipt, kind, words) in [
        (sample!("accettazione"), PecKind::Acceptance, "Ricevuta di accettazione"),
        (sample!("non-accettazione-virus"), PecKind::NonAcceptance, "Errore nell'accettazione"),
        (sample!("avvenuta-consegna"), PecKind::Delivery, "Ricevuta di avvenuta consegna"),
        (sample!("mancata-consegna"), PecKind::DeliveryError, "Avviso di mancata consegna"),
        (sample!("preavviso"), PecKind::DeliveryWarning, "Avviso di mancata consegna per superamento"),
        (sample!("rem-receipt"), PecKind::RemReceipt, "Il messaggio è stato consegnato"),
    ] {
        assert_eq!(receipt.envelope.kind, kind);
        assert!(receipt.text.starts_with(words), "{}", receipt.text);
        assert!(
            !receipt.text.contains("Spett.le Ente"),
            "the original it carries is not the receipt: {}",
            receipt.text
        );
    }
}

#[test]
fn what_only_looks_certified_keeps_the_address_it_comes_from() {
    let fake = sample!("sembra-pec");
    assert_eq!(fake.envelope.kind, PecKind::Suspicious);
    assert!(fake.envelope.from.contains("<posta-certificata@"), "{}", fake.envelope.from);
}

#[test]
fn broken_messages_are_read_as_far_as_they_go() {
    let charset = sample!("broken-charset");
    assert!(charset.envelope.from.starts_with("Società Però & C. <"), "{}", charset.envelope.from);
    assert!(charset.envelope.subject.starts_with("Perché è così:"));
    assert!(charset.text.starts_with("L’importo è di 1.250,00 € – la città di Forlì"));
    let mime = sample!("broken-mime").text;
    assert!(mime.starts_with("si ") && !mime.contains("--"), "{mime}");
    let headers = sample!("broken-headers");
    assert_eq!((headers.envelope.from.as_str(), headers.envelope.date), ("Ufficio protocollo", None));
    assert!(headers.envelope.subject.chars().count() <= 1000);
    assert!(sample!("solo-html").text.starts_with("Spett.le Ente,\nsi "));
}

#[test]
fn the_original_is_found_by_name_and_then_by_type() {
    let envelope = |parts: &str| {
        read(&format!("X-Trasporto: posta-certificata\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n"))
            .text
    };
    let said = "--b\n\nbusta\n";
    let other = "--b\nContent-Type: message/rfc822\n\n\naltro\n";
    let named = "--b\nContent-Type: application/octet-stream; name=\"PostaCert.EML\"\nContent-Transfer-Encoding: base64\n\nDQpvcmlnaW5hbGU=\n";
    assert_eq!(envelope(&[said, other, named].concat()), "originale");
    assert_eq!(envelope(&[said, other].concat()), "altro");
    assert_eq!(envelope(said), "busta");
}

#[test]
fn of_the_same_words_the_plain_ones() {
    let html = "--b\nContent-Type: text/html\n\n<p>ricco</p><script>no()</script>\n";
    let alternative =
        |plain: &str| read(&format!("Content-Type: multipart/alternative; boundary=b\n\n{plain}{html}--b--\n")).text;
    assert_eq!(alternative("--b\n\npiano\n"), "piano");
    assert_eq!(alternative("--b\n\n \n"), "ricco");
}

#[test]
fn texts_sent_as_files_are_not_the_message() {
    let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nuno\n--b\nContent-Disposition: attachment\n\nfile\n\
               --b\nContent-Type: text/plain; name=a.txt\n\nfile\n--b\n\ndue\n--b--\n";
    assert_eq!(read(raw).text, "uno\n\ndue");
}

#[test]
fn signs_that_deceive_the_eye_are_left_out() {
    let read =
        read("From: \"a\u{202e}b\u{7}\" <x@y>\nSubject: =?utf-8?q?a=0D=0Ab=E2=80=AEc?=\n\na\u{202e}b\u{1b}[31m\tc");
    assert_eq!((read.envelope.from.as_str(), read.envelope.subject.as_str()), ("a b <x@y>", "a  b c"));
    assert_eq!(read.text, "ab[31m\tc");
}

#[test]
fn dates_that_are_none() {
    let received = DateTime::from_timestamp(1_770_000_000, 0);
    let dated =
        |date: &str| envelope(&Marks { received, ..marks() }, Some(format!("Date: {date}\r\n\r\n").as_bytes())).date;
    assert_eq!(dated("Tue, 3 Feb 2026 23:59:60 -0130").unwrap().to_rfc3339(), "2026-02-04T01:29:59+00:00");
    for none in ["", "domani", "Tue, 31 Feb 2026 10:00:00 +0100", "1 Jan 1899 00:00:00 +0000"] {
        assert_eq!(dated(none), received, "{none}");
    }
}

#[test]
fn depth_and_number_cost_a_bounded_work() {
    let nested = "Content-Type: message/rfc822\n\n".repeat(50_000);
    let parts = "--b\n".repeat(100_000);
    let deep: String =
        (0..5_000).map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n")).collect();
    for body in [nested, format!("Content-Type: multipart/mixed; boundary=b\n\n{parts}"), deep] {
        let read = message(&marks(), format!("X-Trasporto: errore\n{body}").as_bytes(), false);
        assert_eq!((read.envelope.kind, read.text.as_str()), (PecKind::Anomaly, ""));
    }
}

#[test]
fn files_are_numbered_and_those_of_the_original_follow_it() {
    let names = |message: &Message| -> Vec<(u32, Option<String>)> {
        message.attachments.iter().map(|one| (one.n, one.name.clone())).collect()
    };
    let busta = sample!("busta");
    let found = names(&busta);
    assert!(found.iter().enumerate().all(|(place, (n, _))| *n as usize == place + 1), "{found:?}");
    let at = |wanted: &str| found.iter().position(|(_, name)| name.as_deref() == Some(wanted));
    assert!(at("daticert.xml").is_some() && at("postacert.eml").is_some() && at("smime.p7s").is_none(), "{found:?}");
    assert!(busta.envelope.seen && busta.envelope.reference.as_deref().is_some_and(|id| !id.contains(['<', '>'])));
    let parts = "--b\n\ntesto\n--b\nContent-Type: application/pdf; name=\"=?utf-8?q?citt=C3=A0.pdf?=\"\nContent-Transfer-Encoding: base64\n\n\
                 UGVyY2jDqQ==\n--b\nContent-Disposition: attachment; filename=\"../x\u{202e}\"\n\nfile\n--b--\n";
    let mixed = format!("Content-Type: multipart/mixed; boundary=b\n\n{parts}");
    let read_mixed = read(&mixed);
    let expected = [("città.pdf", 7, "application/pdf"), ("../x", 4, "text/plain")];
    let told = read_mixed
        .attachments
        .iter()
        .map(|one| (one.name.as_deref().unwrap(), one.size.unwrap(), one.media_type.as_str()));
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert!(read_mixed.envelope.has_attachments);
    let cut = message(&marks(), mixed.replace('\n', "\r\n").as_bytes(), true);
    assert_eq!(cut.attachments.iter().map(|one| one.size).collect::<Vec<_>>(), [Some(7), None]);
    let enveloped = |original: &str| {
        let raw = format!(
            "X-Trasporto: posta-certificata\nContent-Type: multipart/mixed; boundary=e\n\n--e\n\nbusta\n--e\nContent-Type: message/rfc822; name=postacert.eml\n\n{original}\n--e--\n"
        );
        let message = read(&raw);
        (message.attachments.len(), message.envelope.has_attachments)
    };
    assert_eq!((enveloped("\nsolo testo"), enveloped(&mixed)), ((1, false), (3, true)));
}
