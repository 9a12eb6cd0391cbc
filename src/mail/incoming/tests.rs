//! In charge of showing what is read of mails as programs write them, of broken ones and of hostile ones.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::*;
use crate::mail::sanitise::{self, Shown};
use crate::mail::signature;

/// What is expected of one mail of the corpus.
#[derive(Default)]
struct Expected {
    mail: &'static str,
    from: &'static str,
    subject: &'static str,
    /// How the text begins.
    text: &'static str,
    /// How what is quoted begins.
    quote: Option<&'static str>,
    files: &'static [&'static str],
    automatic: Option<Automatic>,
    /// Address, action, status, whether for good; and the message that was sent.
    bounce: Option<(&'static str, &'static str, Option<&'static str>, bool, &'static str)>,
}

const CARLA: &str = "carla.rossi@comune.borgosolare.example";
const UGO: &str = "ugo@comune.valfiorita.example";
const TECNICO: &str = "tecnico@comune.borgosolare.example";
const MARIO: &str = "mario.verdi@comune.borgosolare.example";
const SENT: &str = "tk.130.2@sportello.example";
const PROVIDER: &str = "posta-certificata@gestore.example";

#[rustfmt::skip]
fn table() -> Vec<Expected> {
    use Automatic::{AutoSubmitted, List, NullSender, Precedence, VendorHeader};
    let row = Expected::default;
    vec![
        Expected { mail: "outlook-risposta", from: CARLA, subject: "R: [TK-2026-000123] Casella piena", text: "Buongiorno,\nil problema è risolto, la casella “protocollo” riceve", quote: Some("Da: Sportello <"), ..row() },
        Expected { mail: "gmail-risposta", from: "nicolo.ferri@posta.example", subject: "Re: [TK-2026-000124] Certificato scaduto", text: "Grazie, ora funziona. Perché era scaduto?\n", quote: Some("Il giorno gio 12 nov"), ..row() },
        Expected { mail: "gmail-solo-html", from: "lia.moro@posta.example", subject: "Re: Accesso", text: "Ora entro.", quote: Some("Il giorno gio 12 nov"), ..row() },
        Expected { mail: "thunderbird-risposta", from: UGO, subject: "Re: [TK-2026-000125] Stampante", text: "Confermo, è a posto.\n", quote: Some("Il 12/11/2026 10:21, Sportello"), ..row() },
        Expected { mail: "thunderbird-in-linea", from: UGO, subject: "Re: [TK-2026-000126] Domande", text: "Il 12/11/2026 10:21", ..row() },
        Expected { mail: "apple-risposta", from: "ada.neri@posta.example", subject: "Re: Firma", text: "Ecco la schermata che chiedevate, così", quote: Some("> Il giorno 12 nov"), files: &["Schermata 2026 alle 10.18.png"], ..row() },
        Expected { mail: "libero-risposta", from: "ezio.galli@posta.example", subject: "Re: Modulo", text: "Il modulo è arrivato", quote: Some("----Messaggio originale----"), ..row() },
        Expected { mail: "aruba-risposta", from: "anagrafe@comune.montelupo.example", subject: "Re: PEC", text: "Va bene così.", quote: Some("Il 12 novembre 2026 alle 10:21"), ..row() },
        Expected { mail: "senza-charset-1252", from: TECNICO, subject: "Città «aperta»", text: "àèìòù: la “casella” è piena – costa 5 €", ..row() },
        Expected { mail: "us-ascii-bugiardo", from: TECNICO, subject: "Prova", text: "Perché no? È così.", ..row() },
        Expected { mail: "latin1-che-e-1252", from: TECNICO, subject: "Prova", text: "L’ufficio “tributi” chiede 10 €", ..row() },
        Expected { mail: "nomi-file", from: "i.conti@provincia.example", subject: "Allegati", text: "In allegato", files: &["Delibera n° 12 della città.pdf", "perché.pdf", "elenco.txt"], ..row() },
        Expected { mail: "immagine-in-linea", from: CARLA, subject: "Schermata", text: "Ecco l'errore", files: &["image001.png", "logo.png"], ..row() },
        Expected { mail: "solo-html", from: "paolo.sala@unione.example", subject: "Richiesta", text: "Buongiorno,\nnon riesco ad accedere\u{a0}è urgente.", ..row() },
        Expected { mail: "winmail", from: "b.riva@ente.example", subject: "File", text: "Vi mando", files: &["winmail.dat"], ..row() },
        Expected { mail: "fuori-ufficio-exchange", from: CARLA, subject: "Risposta automatica: [TK-2026-000123] Casella piena", text: "Sono assente", automatic: Some(AutoSubmitted), ..row() },
        Expected { mail: "ferie-vacation", from: UGO, subject: "Auto: Re: Domande", text: "Sono in ferie", automatic: Some(AutoSubmitted), ..row() },
        Expected { mail: "autorisponditore", from: "urp@ente.example", subject: "Abbiamo ricevuto la sua mail", text: "La sua mail è", automatic: Some(VendorHeader), ..row() },
        Expected { mail: "lista", from: UGO, subject: "[informatici] Aggiornamento", text: "Qualcuno ha già aggiornato?\n\n____", automatic: Some(List), ..row() },
        Expected { mail: "newsletter", from: "news@editore.example", subject: "Le novità di novembre", text: "Novità\n", automatic: Some(Precedence), ..row() },
        Expected { mail: "dsn-postfix", from: "MAILER-DAEMON@mx.sportello.example", subject: "Undelivered Mail Returned to Sender", text: "This is the mail system", files: &["", "[TK-2026-000130] Risposta.eml"], automatic: Some(AutoSubmitted), bounce: Some((MARIO, "failed", Some("5.1.1"), true, SENT)), ..row() },
        Expected { mail: "dsn-postfix-intestazioni", from: "MAILER-DAEMON@mx.sportello.example", subject: "Delayed Mail (still being retried)", text: "This is the mail system", files: &["", ""], automatic: Some(AutoSubmitted), bounce: Some((MARIO, "delayed", Some("4.4.1"), false, SENT)), ..row() },
        Expected { mail: "dsn-exchange", from: "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@ente.example", subject: "Non recapitabile: [TK-2026-000130] Risposta", text: "Recapito non riuscito", files: &["", "[TK-2026-000130] Risposta.eml"], automatic: Some(AutoSubmitted), bounce: Some((MARIO, "failed", Some("5.2.2"), true, SENT)), ..row() },
        Expected { mail: "dsn-gmail", from: "mailer-daemon@posta.example", subject: "Delivery Status Notification (Failure)", text: "** Indirizzo non trovato **", files: &["", "[TK-2026-000130] Risposta.eml"], automatic: Some(AutoSubmitted), bounce: Some(("nessuno@posta.example", "failed", Some("5.1.1"), true, SENT)), ..row() },
        Expected { mail: "rimbalzo-qmail", from: "MAILER-DAEMON@mx.vecchio.example", subject: "failure notice", text: "Hi. This is the qmail-send", quote: Some("From: Sportello"), automatic: Some(NullSender), bounce: Some((MARIO, "failed", Some("5.1.1"), true, SENT)), ..row() },
        Expected { mail: "rimbalzo-exim", from: "Mailer-Daemon@host.example", subject: "Mail delivery failed: returning message to sender", text: "This message was created", quote: Some("From: Sportello"), automatic: Some(AutoSubmitted), bounce: Some((MARIO, "failed", None, true, SENT)), ..row() },
        Expected { mail: "pec-busta", from: "a@pec.montelupo.example", subject: "R: [TK-2026-000131] Attività", text: "Trasmettiamo la delibera, com’è richiesto.", files: &["delibera.pdf.p7m"], ..row() },
        Expected { mail: "pec-busta-vuota", from: "a@pec.montelupo.example", subject: "POSTA CERTIFICATA: Prova", text: "Messaggio di posta certificata", ..row() },
        Expected { mail: "pec-accettazione", from: PROVIDER, subject: "ACCETTAZIONE: Risposta", text: "Ricevuta di accettazione", files: &["daticert.xml"], ..row() },
        Expected { mail: "pec-consegna", from: PROVIDER, subject: "CONSEGNA: Risposta", text: "Ricevuta di avvenuta consegna", files: &["daticert.xml", "postacert.eml"], ..row() },
        Expected { mail: "pec-anomalia", from: "lia.moro@posta.example", subject: "Domanda", text: "Scrivo da un indirizzo ordinario.", ..row() },
        Expected { mail: "messaggio-allegato", from: CARLA, subject: "Vi giro la mail", text: "Vedete la mail allegata.", files: &["Offerta n. 7.eml"], ..row() },
        Expected { mail: "firmato-p7m", from: "segreteria@comune.montelupo.example", subject: "Documento firmato", text: "Documento firmato in allegato.", files: &["istanza.pdf.p7m"], ..row() },
        Expected { mail: "confine-sbagliato", from: UGO, subject: "Rotto", text: "Il testo si legge lo stesso.", files: &["dati.csv"], ..row() },
        Expected { mail: "confine-mai-chiuso", from: UGO, subject: "Troncato", text: "Il testo c'è.", files: &["troncato.pdf"], ..row() },
        Expected { mail: "senza-intestazioni", text: "Buongiorno,\nla casella non riceve.\n\nGrazie", ..row() },
        Expected { mail: "byte-nulli", from: UGO, subject: "Zero  qui", text: "primadopo", ..row() },
        Expected { mail: "solo-lf", from: UGO, subject: "A capo semplici", text: "una riga\naltra riga", ..row() },
        Expected { mail: "rapporto-autenticazione", from: CARLA, subject: "Urgente", text: "Mandatemi la password.", ..row() },
    ]
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mail/incoming")
}

fn raw(mail: &str) -> Vec<u8> {
    std::fs::read(folder().join(format!("{mail}.eml"))).unwrap()
}

fn read_raw(raw: &[u8]) -> Result<Incoming, Unreadable> {
    read(raw, &Limits::default())
}

fn sample(mail: &str) -> Incoming {
    read_raw(&raw(mail)).unwrap()
}

#[test]
fn mails_as_programs_write_them() {
    let table = table();
    for row in &table {
        let (mail, found) = (row.mail, sample(row.mail));
        assert_eq!(found.from.as_ref().map_or("", |from| from.email.as_str()), row.from, "{mail}");
        assert_eq!(found.subject, row.subject, "{mail}");
        assert!(found.text.starts_with(row.text), "{mail}: {}", found.text);
        let quoted = found.quote.map(|at| &found.text[at..]);
        assert_eq!(quoted.is_some(), row.quote.is_some(), "{mail}: {}", found.text);
        assert!(quoted.unwrap_or_default().starts_with(row.quote.unwrap_or_default()), "{mail}: {quoted:?}");
        let names: Vec<&str> = found.files.iter().map(|file| file.name.as_deref().unwrap_or_default()).collect();
        assert_eq!(names, row.files, "{mail}");
        assert_eq!(found.automatic, row.automatic, "{mail}");
        let bounce = found.bounce.as_ref().map(|bounce| {
            let one = &bounce.recipients[0];
            let sent = bounce.original_message_id.as_deref().unwrap_or_default();
            (one.email.as_str(), one.action.as_str(), one.status.as_deref(), one.is_final(), sent)
        });
        assert_eq!(bounce, row.bounce, "{mail}");
    }
    let mails = std::fs::read_dir(folder()).unwrap().count();
    assert_eq!(table.len() + 1, mails, "each mail but the empty one has its row");
    assert_eq!(read_raw(&raw("vuota")), Err(Unreadable::Empty));
}

/// A mail of `tests/mail/cases` and what is expected of it. A file of cases has one after the other: `=== name`, lines of what is
/// expected, `---`, the mail. In a mail `\xE8` is a byte, and lines end in CRLF unless `ends` says otherwise; in what is
/// expected `\n` ends a line. What is not said is expected not to be.
struct Case {
    name: String,
    expected: Vec<(String, String)>,
    raw: Vec<u8>,
}

impl Case {
    fn read(written: &str) -> Case {
        let (head, mail) = written.split_once("\n---\n").unwrap_or_else(|| panic!("no mail: {written}"));
        let (name, lines) = head.split_once('\n').unwrap_or((head, ""));
        let line = |line: &str| line.split_once(": ").map(|(key, said)| (key.to_string(), said.replace("\\n", "\n")));
        let expected: Vec<(String, String)> = lines.lines().map(|said| line(said).expect(said)).collect();
        let mut raw = Vec::new();
        let mut rest = mail.strip_suffix('\n').unwrap_or(mail);
        while let Some((before, after)) = rest.split_once("\\x") {
            raw.extend(before.as_bytes());
            raw.push(u8::from_str_radix(&after[..2], 16).expect(name));
            rest = &after[2..];
        }
        raw.extend(rest.as_bytes());
        let end: &[u8] = match expected.iter().find(|(key, _)| key == "ends").map(|(_, end)| end.as_str()) {
            None => b"\r\n",
            Some("lf") => b"\n",
            Some("cr") => b"\r",
            Some(other) => panic!("{name}: {other}"),
        };
        let raw = raw.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(end);
        Case { name: name.to_string(), expected, raw }
    }

    fn said(&self, key: &str) -> Vec<&str> {
        self.expected.iter().filter(|(known, _)| known == key).map(|(_, said)| said.as_str()).collect()
    }

    /// What is not as it ought to be.
    fn faults(&self) -> Vec<String> {
        let found = match read_raw(&self.raw) {
            Ok(found) => found,
            Err(fault) => return vec![format!("unreadable: {}", fault.as_str())],
        };
        let bounced = |bounce: &Bounce| {
            let id = bounce.original_message_id.clone().unwrap_or("-".into());
            let told = |one: &BouncedRecipient| {
                let permanent = if one.is_final() { "permanent" } else { "-" };
                format!("{} {} {} {permanent} {id}", one.email, one.action, one.status.as_deref().unwrap_or("-"))
            };
            bounce.recipients.iter().map(told).collect()
        };
        let shown = found.html.as_deref().and_then(|html| sanitise::body(html, Shown { inline: &[], remote: false }));
        let shown = shown.map(|body| body.html).unwrap_or_default();
        let names = found.files.iter().map(|file| file.name.clone().unwrap_or("-".into())).collect();
        let one = |said: &str| if said.is_empty() { Vec::new() } else { vec![said.to_string()] };
        let mut faults = Vec::new();
        for (key, is) in [
            ("from", one(found.from.as_ref().map_or("", |from| from.email.as_str()))),
            ("subject", one(&found.subject)),
            ("file", names),
            ("automatic", one(found.automatic.map_or("", Automatic::as_str))),
            ("bounce", found.bounce.as_ref().map(bounced).unwrap_or_default()),
            ("pec", one(if found.kind == PecKind::Ordinary { "" } else { found.kind.as_str() })),
        ] {
            if self.said(key) != is {
                faults.push(format!("{key}: {is:?}"));
            }
        }
        let quote = found.quote.map(|at| &found.text[at..]);
        let is_quote = |said: Option<&&str>| match (said, quote) {
            (Some(said), Some(quote)) => {
                quote.trim_start_matches(['>', ' ']).starts_with(said.trim_start_matches(['>', ' ']))
            }
            (said, quote) => said.is_none() && quote.is_none(),
        };
        if !is_quote(self.said("quote").first()) {
            faults.push(format!("quote: {quote:?} of {:?}", found.text));
        }
        for (key, said) in &self.expected {
            let name = || found.from.as_ref().and_then(|from| from.name.clone()).unwrap_or_default();
            let holds = match key.as_str() {
                "text" => found.text.starts_with(said.as_str()),
                "all" => found.text == *said,
                "without" => !found.text.contains(said.as_str()),
                "name" => name() == *said,
                "reply-to" => found.reply_to.as_ref().is_some_and(|person| person.email == *said),
                "to" => found.to.iter().any(|person| person.email == *said),
                "answers" => found.references.contains(said),
                "bytes" => found.files.first().is_some_and(|file| file.bytes == said.as_bytes()),
                "shown" => shown.contains(said.as_str()),
                "hidden" => !shown.contains(said.as_str()),
                "from" | "subject" | "file" | "automatic" | "bounce" | "pec" | "quote" | "ends" => true,
                other => panic!("{}: {other}", self.name),
            };
            if !holds {
                faults.push(format!("{key}: {said:?} of {:?} {:?} {shown:?}", name(), found.text));
            }
        }
        faults
    }
}

/// Every case, in the order of the files' names.
fn cases() -> Vec<Case> {
    let folder = folder().with_file_name("cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let written = format!("\n{}", std::fs::read_to_string(file).unwrap());
        cases.extend(written.split("\n=== ").skip(1).map(Case::read));
    }
    cases
}

#[test]
fn cases_of_all_kinds() {
    let cases = cases();
    let wrong: Vec<String> = cases
        .iter()
        .map(|case| (case, case.faults()))
        .filter(|(_, faults)| !faults.is_empty())
        .map(|(case, faults)| format!("{}\n    {}", case.name, faults.join("\n    ")))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    let names: std::collections::HashSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert!(names.len() == cases.len() && cases.len() >= 150, "{} cases of {} names", cases.len(), names.len());
}

#[test]
fn what_ties_a_mail_to_others() {
    let reply = sample("outlook-risposta");
    assert_eq!(reply.references, ["tk.1@sportello.example", "tk.0@sportello.example"]);
    assert_eq!(reply.message_id.as_deref(), Some("AM0P1.prod@comune.borgosolare.example"));
    assert_eq!(reply.date.unwrap().rfc3339(), "2026-11-12T10:05:00Z");
    assert_eq!(
        (reply.to[0].name.as_deref(), reply.to[0].email.as_str()),
        (Some("Sportello"), "aiuto@sportello.example")
    );
    assert_eq!(subject::token(&reply.subject).as_deref(), Some("TK-2026-000123"));
    assert_eq!(sample("lista").reply_to.unwrap().email, "informatici@liste.example");
    assert!(sample("fuori-ufficio-exchange").no_answer_wanted && !reply.no_answer_wanted);
}

#[test]
fn certified_mail_keeps_every_identifier() {
    let ids = |certified: &Option<Certified>| {
        let certified = certified.clone().unwrap();
        (certified.provider_id.unwrap_or_default(), certified.envelope_message_id.unwrap_or_default())
    };
    let provider_id = "opec100.20261112101542.00001.10.1.2@gestore.example";
    let busta = sample("pec-busta");
    assert_eq!((busta.kind, busta.receipt_for.as_deref()), (PecKind::CertifiedMessage, None));
    assert_eq!(ids(&busta.certified), (provider_id.into(), provider_id.into()));
    let sender_id = busta.certified.unwrap().sender_message_id;
    assert_eq!(sender_id.as_deref(), Some("abc-123@comune.montelupo.example"));
    assert_eq!(
        (busta.message_id.as_deref(), busta.references.as_slice()),
        (Some(provider_id), &["tk.9@sportello.example".to_string()][..])
    );
    assert_eq!(busta.envelope_from.unwrap().email, PROVIDER);
    assert_eq!(busta.files[0].bytes, (0..64).collect::<Vec<u8>>());
    for (receipt, kind) in [("pec-accettazione", PecKind::Acceptance), ("pec-consegna", PecKind::Delivery)] {
        let found = sample(receipt);
        assert_eq!((found.kind, found.receipt_for.as_deref()), (kind, Some("tk.9@sportello.example")));
        assert_eq!(ids(&found.certified).0, provider_id);
    }
    let anomaly = sample("pec-anomalia");
    assert_eq!((anomaly.kind, anomaly.certified), (PecKind::Anomaly, None));
    assert_eq!(ids(&sample("pec-busta-vuota").certified).0, "opec100.3@gestore.example");
}

#[test]
fn the_webmails_samples_are_read_too() {
    let sample =
        |mail: &str| read_raw(&std::fs::read(folder().with_file_name(format!("{mail}.eml"))).unwrap()).unwrap();
    for (mail, kind, is_tied) in [
        ("busta", PecKind::CertifiedMessage, false),
        ("accettazione", PecKind::Acceptance, true),
        ("avvenuta-consegna-breve", PecKind::Delivery, true),
        ("mancata-consegna", PecKind::DeliveryError, true),
        ("preavviso", PecKind::DeliveryWarning, true),
        ("rilevazione-virus", PecKind::VirusDetected, true),
    ] {
        let found = sample(mail);
        let provider_id = found.certified.and_then(|certified| certified.provider_id);
        assert_eq!((found.kind, provider_id.is_some(), found.receipt_for.is_some()), (kind, true, is_tied), "{mail}");
        assert_eq!((found.automatic, found.bounce), (None, None), "{mail}");
    }
    let rem = sample("rem-dispatch");
    assert!(rem.kind == PecKind::RemDispatch && rem.text.starts_with("Spett.le Ente,"), "{}", rem.text);
    assert!(sample("sembra-pec").certified.is_none() && sample("solo-html").html.is_some());
}

#[test]
fn files_byte_for_byte_and_pictures_in_their_place() {
    let picture = sample("immagine-in-linea");
    let inline: Vec<bool> = picture.files.iter().map(|file| file.is_inline).collect();
    assert_eq!((inline, picture.files[0].content_id.as_deref()), (vec![true, false], Some("image001.png@01DC")));
    assert_eq!((picture.files[0].media_type.as_str(), &picture.files[0].bytes[1..4]), ("image/png", &b"PNG"[..]));
    let forwarded = sample("messaggio-allegato");
    let bytes = raw("messaggio-allegato");
    let message = &forwarded.files[0].bytes;
    assert!(message.starts_with(b"From: x@fornitore.example\r\n") && message.ends_with(b"\r\n--=_dentro--\r\n"));
    assert!(bytes.windows(message.len()).any(|part| part == message));
    let apple = sample("apple-risposta").html.unwrap();
    assert!(apple.contains("Ecco la schermata") && apple.contains("cos&igrave; si vede"));
    assert!(sample("solo-html").html.unwrap().contains("<style>") && sample("solo-lf").html.is_none());
}

#[test]
fn only_our_own_server_is_believed() {
    let spoofed = sample("rapporto-autenticazione");
    let failed = Authentication { spf: Verdict::Fail, dkim: Verdict::None, dmarc: Verdict::Fail };
    assert_eq!(spoofed.authentication("mx.sportello.example"), failed);
    assert_eq!(spoofed.authentication("mx.altro.example"), Authentication::default());
    assert_eq!(sample("solo-lf").authentication("mx.sportello.example"), Authentication::default());
}

/// Reads it, and holds that this takes seconds even in a build for development, on a machine that does other things too.
fn timed(what: &str, raw: &[u8]) -> Result<Incoming, Unreadable> {
    let begin = Instant::now();
    let found = read_raw(raw);
    println!("{what}: {} MB, {:?}", raw.len() / 1_000_000, begin.elapsed());
    assert!(begin.elapsed() < Duration::from_secs(30), "{what}: {:?}", begin.elapsed());
    found
}

fn multipart(boundary: &str) -> String {
    format!("Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n")
}

#[test]
fn mail_of_very_many_parts_or_levels() {
    let many = format!("Subject: x\r\n{}{}", multipart("b"), "--b\r\n\r\nx\r\n".repeat(5000));
    assert_eq!(timed("5000 parts", many.as_bytes()), Err(Unreadable::TooManyParts));
    for levels in [50, 200, 5000] {
        let deep: String = (0..levels).map(|at| format!("{}--b{at}\r\n", multipart(&format!("b{at}")))).collect();
        let found = timed("levels", format!("Subject: x\r\n{deep}\r\nx").as_bytes());
        assert_eq!(found.err(), (levels > 50).then_some(Unreadable::TooDeep), "{levels}");
    }
    let same = format!("Subject: x\r\n{}", format!("{}--b\r\n", multipart("b")).repeat(5000));
    assert_eq!(timed("5000 levels of one boundary", same.as_bytes()), Err(Unreadable::TooManyParts));
    let messages = "Content-Type: message/rfc822\r\n\r\n".repeat(50_000);
    assert_eq!(timed("50000 messages", format!("Subject: x\r\n{messages}").as_bytes()).unwrap().files.len(), 1);
    let envelopes = "X-Trasporto: posta-certificata\r\nContent-Type: message/rfc822\r\n\r\n".repeat(10_000);
    assert_eq!(timed("10000 envelopes", envelopes.as_bytes()).unwrap().kind, PecKind::CertifiedMessage);
}

#[test]
fn mail_of_sixty_megabytes() {
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let file = format!(
        "--b\r\nContent-Transfer-Encoding: base64\r\nContent-Type: application/pdf\r\n\r\n{}\r\n--b--",
        line.repeat(770_000)
    );
    let found = timed("a file", format!("Subject: x\r\n{}{file}", multipart("b")).as_bytes()).unwrap();
    assert_eq!(found.files[0].bytes.len(), 770_000 * 57);
    let text = "Subject: x\r\n\r\nIl 1 ha scritto:\r\n> a\r\n".to_string() + &"> Da: a\r\nOn b\r\n".repeat(4_000_000);
    assert!(timed("text", text.as_bytes()).unwrap().is_cut);
    let html =
        format!("Subject: x\r\nContent-Type: text/html\r\n\r\n{}", "<blockquote type=cite><div>&a".repeat(2_000_000));
    assert!(timed("html", html.as_bytes()).unwrap().is_cut);
    let headers = format!("References: {}\r\n\r\nx", "<a@b>\r\n ".repeat(7_000_000));
    assert_eq!(timed("headers", headers.as_bytes()).unwrap().references, ["a@b"]);
    let deep: String = (0..40).map(|at| format!("{}--b{at}\r\n", multipart(&format!("b{at}")))).collect();
    let found = timed("40 levels", format!("Subject: x\r\n{deep}\r\n{}", line.repeat(770_000)).as_bytes());
    assert_eq!(found.err(), Some(Unreadable::TooDeep));
}

/// A generator of no quality (xorshift), the same on each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }
}

#[test]
fn no_spoilt_mail_is_too_much() {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let mut corpus: Vec<Vec<u8>> = names.iter().map(|path| std::fs::read(path).unwrap()).collect();
    corpus.extend(cases().into_iter().map(|case| case.raw));
    let signed = ["valida", "valida-ber", "valida-ber-sha1", "valida-con-radice", "scaduta"];
    let signed = signed.map(|name| std::fs::read(folder().join(format!("../signed/{name}.eml"))).unwrap());
    corpus.extend(signed.iter().cycle().take(names.len()).cloned());
    let first = |raw: &[u8]| Part::read(raw).slices(1).first().map(|part| part.to_vec());
    let whole = signed.each_ref().map(|raw| first(raw));
    let anchors = std::fs::read(folder().join("../signed/radice.pem")).unwrap();
    let anchors = signature::Anchors::of_pem(&anchors).unwrap();
    let mut chance = Chance(0x5eed);
    for _ in 0..4000 {
        let mut mail = corpus[chance.below(corpus.len())].clone();
        for _ in 0..=chance.below(6) {
            let (from, to) = (chance.below(mail.len()), chance.below(mail.len()));
            let (from, to) = (from.min(to), from.max(to));
            match chance.below(6) {
                0 => mail.truncate(to),
                1 => drop(mail.drain(from..to)),
                2 => mail.extend_from_within(from..to),
                3 => mail.splice(from..from, *b"\r\n\r\n").for_each(drop),
                4 => mail.rotate_left(from),
                _ => mail.iter_mut().skip(from).take(3).for_each(|byte| *byte = chance.below(256) as u8),
            }
        }
        // What is valid is what was signed, however the rest of it looks.
        if signature::verify(&mail, &anchors, Moment(1_800_000_000_000)).signature == Signature::Valid {
            assert!(whole.contains(&first(&mail)));
        }
        if let Ok(found) = read_raw(&mail) {
            assert!(found.quote.is_none_or(|at| found.text.is_char_boundary(at) && found.text[..at].ends_with('\n')));
            assert!(!found.text.contains('\0') && !found.subject.contains(['\n', '\r', '\0']));
        }
    }
}
