//! In charge of what the signature of a provider of certified mail gives a mail: belief, a word beside it, or a place among what is held.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cms::cert::x509::attr::Attribute;
use cms::cert::x509::der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec, UtcTime};
use cms::cert::x509::der::{Decode, Encode, EncodingRules};
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo, SignerInfos};
use mail_parser::MessageParser;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use sportello::clock::Moment;
use sportello::model::message::PecKind;
use sportello::model::ticket::{MailFacts, Signature};

use super::story::{Desk, desk_with};
use crate::support::client::{Api, Browser};
use crate::support::mail::MailServer;
use crate::support::root;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/mail/signed").join(name)).expect("a file of tests/mail/signed")
}

/// A desk that trusts the authority of `tests/mail/signed`.
async fn trusting(server: &MailServer) -> Desk<'_> {
    desk_with(server, |settings| settings.pec_trust_anchors = Some(root().join("tests/mail/signed/radice.pem"))).await
}

/// What the provider of `tests/mail/signed` has signed at a moment (RFC 5652, 5).
fn signature(content: &str, at: Moment) -> String {
    let sample = MessageParser::default().parse(&file("valida.eml")).expect("a mail").into_owned();
    let sample = sample.attachment(sample.attachments.len() as u32 - 1).expect("a signature").contents().to_vec();
    let info = ContentInfo::from_der(&sample).expect("a signature");
    let data = info.content.decode_as_encoding::<SignedData>(EncodingRules::Der).expect("a signature");
    let attribute = |oid: &str, value: Any| Attribute {
        oid: ObjectIdentifier::new_unwrap(oid),
        values: SetOfVec::try_from(vec![value]).expect("a value"),
    };
    let digest = ring::digest::digest(&ring::digest::SHA256, content.as_bytes());
    let at = UtcTime::from_unix_duration(std::time::Duration::from_millis(at.0.unsigned_abs())).expect("of our time");
    let attributes = SetOfVec::try_from(vec![
        attribute("1.2.840.113549.1.9.3", Any::encode_from(&data.encap_content_info.econtent_type).unwrap()),
        attribute("1.2.840.113549.1.9.4", Any::encode_from(&OctetString::new(digest.as_ref()).unwrap()).unwrap()),
        attribute("1.2.840.113549.1.9.5", Any::encode_from(&at).unwrap()),
    ])
    .expect("attributes");
    let key = RsaKeyPair::from_pkcs8(&file("gestore.key.der")).expect("a key");
    let mut signed = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &attributes.to_der().unwrap(), &mut signed).expect("signed");
    let signer = data.signer_infos.0.get(0).expect("a signer").clone();
    let signer = SignerInfo { signed_attrs: Some(attributes), signature: OctetString::new(signed).unwrap(), ..signer };
    let data = SignedData { signer_infos: SignerInfos::try_from(vec![signer]).unwrap(), ..data };
    let made = ContentInfo { content: Any::encode_from(&data).unwrap(), ..info };
    STANDARD.encode(made.to_der().unwrap())
}

/// In the place of a transport, what makes it one of the European kind.
const REM: &str = "\r\nREM-MessageType: http://uri.etsi.org/02640/v2/dispatch";

/// An envelope that the provider of `tests/mail/signed` has signed.
struct Letter<'a> {
    /// What its headers say that it is, which nobody signs.
    transport: &'a str,
    /// `tipo` of daticert.xml; none where there is no such file.
    kind: Option<&'a str>,
    sender: &'a str,
    from: &'a str,
    to: &'a str,
    /// What the receiving server says of it.
    results: &'a str,
}

impl Letter<'_> {
    fn write(&self, subject: &str, at: Moment) -> String {
        let Letter { transport, kind, sender, from, to, results } = self;
        let data = kind.map(|kind| {
            let data = format!(
                "<?xml version=\"1.0\"?>\n<postacert tipo=\"{kind}\" errore=\"nessuno\"><intestazione><mittente>{sender}</mittente>\
                 <destinatari tipo=\"certificato\">{to}</destinatari></intestazione><dati><identificativo>opec.{subject}@gestore.example\
                 </identificativo></dati></postacert>"
            );
            let data = STANDARD.encode(data);
            format!("--b\r\nContent-Type: application/xml; name=daticert.xml\r\nContent-Transfer-Encoding: base64\r\n\r\n{data}\r\n")
        });
        let data = data.unwrap_or_default();
        let signed = format!(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nMessaggio di posta certificata\r\n\
             {data}--b\r\nContent-Type: message/rfc822; name=\"postacert.eml\"\r\n\r\nFrom: {from}\r\nSubject: {subject}\r\n\
             Message-ID: <{subject}@interno.example>\r\n\r\nNella busta di {subject}\r\n--b--\r\n"
        );
        format!(
            "From: \"Per conto di: {sender}\" <posta-certificata@gestore.example>\r\nTo: <{to}>\r\nSubject: POSTA CERTIFICATA: {subject}\r\n\
             X-Trasporto: {transport}\r\nMessage-ID: <opec.{subject}@gestore.example>\r\n{results}MIME-Version: 1.0\r\n\
             Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=s\r\n\r\n--s\r\n{signed}\r\n--s\r\n\
             Content-Type: application/x-pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--s--\r\n",
            signature(&signed, at)
        )
    }
}

async fn words(browser: &Browser, path: &str) -> String {
    browser.get(path).await.expect(200).words()
}

/// The page of the mail of this subject, which is held.
async fn held_page(desk: &Desk<'_>, api: &Api, subject: &str) -> String {
    let held = api.get("/intake/held").await.expect(200).json()["items"].as_array().unwrap().clone();
    let one = held.iter().find(|one| one["subject"] == subject).unwrap_or_else(|| panic!("{subject}: {held:?}"));
    let path = format!("/operatore/posta/{}", one["id"].as_str().unwrap());
    words(&desk.app.browser(&desk.operator).await, &path).await
}

#[tokio::test]
async fn what_a_provider_that_is_trusted_has_certified_as_sent_to_us_is_believed() {
    let server = MailServer::get();
    let desk = trusting(server).await;
    let (sara, person) = desk.clerk(server).await;
    let now = desk.app.app.clock.now();
    // Our server knows nothing of this provider, and looks at its mail.
    let looked = "Authentication-Results: 127.0.0.1; spf=none; dkim=none\r\n";
    let letter = Letter {
        transport: "posta-certificata",
        kind: Some("posta-certificata"),
        sender: &sara.address,
        from: &format!("Sara Bini <{}>", sara.address),
        to: &desk.address.address,
        results: looked,
    };
    let cases = [
        ("per-noi", Letter { ..letter }, true),
        // Certified for others, and sent on.
        ("per-altri", Letter { to: "altri@pec.altrove.example", ..letter }, false),
        // The provider has certified it for who has written it, who says to be another.
        ("di-altri", Letter { sender: "altri@pec.altrove.example", ..letter }, false),
        // Made from an anomaly or a receipt, which providers sign as well: its headers are nobody's word.
        ("anomalia-vestita", Letter { kind: None, results: "", ..letter }, false),
        ("rem-vestita", Letter { transport: REM, kind: None, results: "", ..letter }, false),
        ("ricevuta-vestita", Letter { kind: Some("accettazione"), results: "", ..letter }, false),
        // Of what is no certified mail the provider vouches for nothing.
        ("anomalia", Letter { transport: "errore", kind: None, ..letter }, false),
        ("anomalia-non-guardata", Letter { transport: "errore", kind: None, results: "", ..letter }, true),
    ];
    for (subject, letter, _) in &cases {
        desk.address.deliver_raw(letter.write(subject, now).as_bytes()).await;
    }
    desk.settled(cases.len() as i64).await;
    for (subject, _, is_in) in &cases {
        let reason = desk.reason(subject).await;
        assert_eq!(reason.as_deref(), (!is_in).then_some("suspicious"), "{subject}");
    }
    let said = desk.said("per-noi").await;
    assert_eq!(said["body_text"], "Nella busta di per-noi");
    assert_eq!(
        (&said["pec"]["signature"], &said["pec"]["provider"], &said["pec"]["obsolete_algorithm"]),
        (&json!("valid"), &json!("Gestore di prova S.p.A."), &json!(false))
    );
    let number = desk.ticket_about("per-noi").await;
    let told = format!("PEC {} · firma del gestore verificata: Gestore di prova S.p.A.", sara.address);
    let page = words(&desk.app.browser(&desk.operator).await, &format!("/operatore/{number}")).await;
    assert!(page.contains(&told), "{page}");
    let hers = words(&desk.app.browser(&person).await, &format!("/richieste/{number}")).await;
    assert!(hers.contains(&told), "{hers}");
    let anomaly = desk.said("anomalia-non-guardata").await;
    assert_eq!((&anomaly["pec"]["kind"], &anomaly["pec"]["signature"]), (&json!("anomaly"), &json!("valid")));
    // What was made to look certified is not called that, even by who lets it in.
    let page = held_page(&desk, &desk.anna, "anomalia-vestita").await;
    assert!(page.contains("Sembra PEC ma non lo è"), "{page}");
    desk.accept("anomalia-vestita").await;
    assert_eq!(desk.said("anomalia-vestita").await["pec"]["kind"], "suspicious");
    desk.app.end().await;
}

#[tokio::test]
async fn what_was_changed_on_its_way_is_held_and_says_why() {
    let server = MailServer::get();
    let desk = trusting(server).await;
    let (sara, _) = desk.clerk(server).await;
    let letter = Letter {
        transport: "posta-certificata",
        kind: Some("posta-certificata"),
        sender: &sara.address,
        from: &format!("Sara Bini <{}>", sara.address),
        to: &desk.address.address,
        results: "",
    };
    let whole = letter.write("alterata", desk.app.app.clock.now());
    // One letter of what is signed; our server has nothing to say.
    desk.address.deliver_raw(whole.replace("Nella busta", "Sulla busta").as_bytes()).await;
    // Whole, and by nobody whom we trust; and one whose signature is no longer thought safe.
    for name in ["fatta-in-casa.eml", "valida-ber-sha1.eml"] {
        desk.address.deliver_raw(&file(name)).await;
    }
    desk.settled(3).await;
    assert_eq!(desk.reason("alterata").await.as_deref(), Some("altered"));
    let page = held_page(&desk, &desk.anna, "alterata").await;
    assert!(page.contains("La firma del gestore PEC non è valida: il contenuto è stato alterato"), "{page}");
    assert!(page.contains("firma del gestore non valida: contenuto alterato"), "{page}");
    desk.accept("alterata").await;
    let said = desk.said("alterata").await;
    assert_eq!((&said["pec"]["signature"], &said["pec"]["provider"]), (&json!("invalid"), &Value::Null));
    // The bytes as they came give the same verdict each time.
    let held = desk.held().await;
    let browser = desk.app.browser(&desk.operator).await;
    let mut pages = Vec::new();
    for one in &held {
        pages.push(words(&browser, &format!("/operatore/posta/{}", one["id"].as_str().unwrap())).await);
    }
    let told =
        ["messaggio integro, gestore non riconosciuto", "verificata: Gestore di prova S.p.A., algoritmo obsoleto"];
    assert_eq!(pages.len(), 2);
    assert!(told.iter().all(|told| pages.iter().any(|page| page.contains(told))), "{pages:?}");
    desk.app.end().await;
}

#[test]
fn entries_from_before_signatures_were_looked_at_can_still_be_read() {
    let old = json!({"has_body": false, "remote": 0, "pec": {
        "kind": "certified_message", "signature": "unverifiable", "sender": "a@b.example", "identifier": null,
        "reference_message_id": null,
    }});
    let pec = serde_json::from_value::<MailFacts>(old).unwrap().pec.unwrap();
    assert_eq!((pec.kind, pec.signature), (PecKind::CertifiedMessage, Signature::Unverifiable));
    assert_eq!((pec.provider, pec.obsolete_algorithm), (None, false));
}
