//! In charge of showing which signatures are believed: mails of `tests/mail/signed`, which an outside program has made, whole and changed.

use std::time::{Duration, Instant};

use ::cms::cert::CertificateChoices;
use ::cms::cert::x509::der::{Decode as _, EncodingRules};
use ::cms::content_info::ContentInfo;
use ::cms::signed_data::SignedData;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};

use super::*;

const BOX: &str = "posta-certificata@gestore.example";
/// The day after the mails were signed; and years later, when every certificate is over.
const SOON: &str = "2026-05-13T08:00:00Z";
const LATE: &str = "2050-01-01T00:00:00Z";

fn at(when: &str) -> Moment {
    Moment::from(chrono::DateTime::parse_from_rfc3339(when).unwrap())
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/mail/signed/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn mail(name: &str) -> Vec<u8> {
    file(&format!("{name}.eml"))
}

fn anchors() -> Anchors {
    Anchors::of_pem(&file("radice.pem")).unwrap()
}

fn verdict(raw: &[u8]) -> Signature {
    verify(raw, &anchors(), at(SOON)).signature
}

/// A mail in which the first of these words are others.
fn with(raw: &[u8], old: &str, new: &str) -> Vec<u8> {
    let place = raw.windows(old.len()).position(|some| some == old.as_bytes()).unwrap_or_else(|| panic!("{old}"));
    [&raw[..place], new.as_bytes(), &raw[place + old.len()..]].concat()
}

/// A mail with another signature in place of its own.
fn signed_by(raw: &[u8], p7s: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    let (before, _) = text.rsplit_once("filename=\"smime.p7s\"\r\n\r\n").unwrap();
    format!("{before}filename=\"smime.p7s\"\r\n\r\n{}\r\n--=_s--\r\n", STANDARD.encode(p7s)).into_bytes()
}

/// The signature of a mail.
fn p7s(raw: &[u8]) -> Vec<u8> {
    let outer = Part::read(raw);
    Part::read(outer.slices(2)[1]).decoded().into_owned()
}

#[test]
fn the_built_in_authority_is_the_one_above_agids() {
    let pem = String::from_utf8(anchors::ACTALIS.to_vec()).unwrap();
    let lines = pem.lines().filter(|line| !line.starts_with("-----")).collect::<String>();
    let print = ring::digest::digest(&ring::digest::SHA256, &STANDARD.decode(lines).unwrap());
    assert_eq!(hex::encode(print), "55926084ec963a64b96e2abe01ce0ba86a64fbfebcc7aab5afc155b37fd76066");
    assert_eq!(format!("{:?}", Anchors::built_in().unwrap()), "1 authorities");
    for broken in ["", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(Anchors::of_pem(broken.as_bytes()).is_err(), "{broken}");
    }
}

#[test]
fn a_provider_of_today_is_under_the_authority_that_is_built_in() {
    // Namirial's, and the authority of AgID above it, whose constraints name addresses, organizations and networks.
    let pem = file("agid.pem");
    let certificates = CertificateDer::pem_slice_iter(&pem).map(|one| Certificate::from_der(&one.unwrap()).unwrap());
    let certificates: Vec<Certificate> = certificates.collect();
    let [signer, agid] = certificates.as_slice() else { panic!("two certificates") };
    assert_eq!(path::boxes(signer), ["posta-certificata@sicurezzapostale.it"]);
    assert_eq!(path::name(signer).as_deref(), Some("Namirial S.p.A."));
    let leads = |others: &[Certificate], when: &str| {
        let at = u64::try_from(at(when).0 / 1000).unwrap();
        Anchors::built_in().unwrap().lead_to(signer.clone(), others, at)
    };
    assert!(leads(std::slice::from_ref(agid), "2024-12-04T23:02:10Z"));
    assert!(!leads(&[], "2024-12-04T23:02:10Z"));
    assert!(!leads(std::slice::from_ref(agid), "2023-09-01T00:00:00Z") && !leads(std::slice::from_ref(agid), LATE));
}

#[test]
fn each_mail_by_what_is_true_of_its_signature() {
    use Signature::{UnknownProvider, Valid};
    for (name, expected, is_obsolete) in [
        ("valida", Valid, false),
        ("valida-con-radice", Valid, false),
        ("valida-ber", Valid, false),
        ("valida-ber-sha1", Valid, true),
        ("valida-sha384", Valid, false),
        ("valida-sha512", Valid, false),
        // Its certificate was good when it signed.
        ("valida-allora", Valid, false),
        ("senza-istante", Valid, false),
        ("scaduta", UnknownProvider, false),
        ("senza-catena", UnknownProvider, false),
        // Of a domain that the authority may not vouch for, or of one below it.
        ("fuori-vincoli", UnknownProvider, false),
        ("sottodominio", UnknownProvider, false),
        ("senza-scopo", UnknownProvider, false),
        ("senza-uso", UnknownProvider, false),
        ("senza-nome", UnknownProvider, false),
        ("da-non-autorita", UnknownProvider, false),
        ("troppo-profonda", UnknownProvider, false),
        ("fatta-in-casa", UnknownProvider, false),
    ] {
        let seal = verify(&mail(name), &anchors(), at(SOON));
        let provider = (expected == Valid).then(|| "Gestore di prova S.p.A.".to_string());
        assert_eq!(seal, Seal { signature: expected, provider, is_obsolete }, "{name}");
    }
}

#[test]
fn the_moment_that_counts_is_that_of_the_signature() {
    let of = |name: &str, when: &str| verify(&mail(name), &anchors(), at(when)).signature;
    assert_eq!(of("valida", LATE), Signature::Valid);
    // Who says nothing of when is looked at as of now.
    assert_eq!(of("senza-istante", LATE), Signature::UnknownProvider);
    // Nobody has signed tomorrow; clocks may be apart.
    assert_eq!(of("valida", "2026-05-12T08:00:00Z"), Signature::Valid);
    assert_eq!(of("valida", "2026-05-12T07:00:00Z"), Signature::UnknownProvider);
}

#[test]
fn an_authority_that_is_not_trusted_or_an_address_that_is_not_theirs() {
    let raw = mail("valida");
    assert_eq!(verify(&raw, &Anchors::built_in().unwrap(), at(SOON)).signature, Signature::UnknownProvider);
    // The authority below may be the one that is trusted.
    let below = Anchors::of_pem(&file("gestore.pem")).unwrap();
    assert_eq!(verify(&mail("senza-catena"), &below, at(SOON)).signature, Signature::Valid);
    // An authority that certifies others too is believed of those who state that they are providers.
    let mut strict = anchors();
    strict.rule = Some(anchors::OF_PROVIDERS);
    assert_eq!(verify(&raw, &strict, at(SOON)).signature, Signature::UnknownProvider);
    for other in ["posta-certificata@altrove.example", "a@gestore.example>, <posta-certificata@gestore.example"] {
        assert_eq!(verdict(&with(&raw, BOX, other)), Signature::UnknownProvider, "{other}");
    }
    let twice = with(&raw, "To: aiuto", "From: altri@altrove.example\r\nTo: aiuto");
    assert_eq!(verdict(&twice), Signature::UnknownProvider);
    assert_eq!(verdict(&with(&raw, BOX, "Posta-Certificata@GESTORE.example")), Signature::Valid);
    // No header above is signed.
    assert_eq!(verdict(&with(&raw, "Subject: POSTA", "Subject: R: POSTA")), Signature::Valid);
}

#[test]
fn whatever_is_changed_in_what_is_signed_is_noticed() {
    let raw = mail("valida");
    for (old, new) in [
        ("la casella non si apre", "la casella si apre"),
        ("name=\"postacert.eml\"", "name=\"postacert.EML\""),
        // As a program that tidies up leaves it (pec.md 3).
        ("Buongiorno,  \r\n", "Buongiorno,\r\n"),
        ("multipart/mixed; boundary=\"=_m\"", "multipart/mixed;\r\n boundary=\"=_m\""),
        ("--=_m--\r\n\r\n--=_s", "--=_m--\r\n--=_s"),
        ("--=_m--\r\n\r\n--=_s", "--=_m--\r\n\r\n\r\n--=_s"),
    ] {
        assert_eq!(verdict(&with(&raw, old, new)), Signature::Invalid, "{new}");
    }
    // What stands beside it would be shown with it.
    let more = with(&raw, "\r\n--=_s--", "\r\n--=_s\r\nContent-Type: text/plain\r\n\r\nPaghi qui\r\n--=_s--");
    assert_eq!(verdict(&more), Signature::Invalid);
    // The line end before the boundary is none of it, what is written around the parts is not shown.
    assert_eq!(verdict(&with(&raw, "\r\n--=_s\r\n", "\r\nprima\r\n--=_s\r\n")), Signature::Valid);
}

#[test]
fn no_byte_can_be_another() {
    let anchors = anchors();
    let raw = mail("valida");
    let text = String::from_utf8(raw.clone()).unwrap();
    let begin = text.find("--=_s\r\n").unwrap() + 7;
    let end = text.rfind("\r\n--=_s\r\n").unwrap();
    for place in begin..end {
        for bit in [0x01, 0x20, 0x80] {
            let mut changed = raw.clone();
            changed[place] ^= bit;
            assert_ne!(verify(&changed, &anchors, at(SOON)).signature, Signature::Valid, "byte {place} ^ {bit}");
        }
    }
}

#[test]
fn a_signature_that_is_none() {
    let raw = mail("valida");
    assert_eq!(verdict(b"From: a@b.example\r\nX-Trasporto: posta-certificata\r\n\r\nciao\r\n"), Signature::Absent);
    let whole = p7s(&raw);
    let garbage: [&[u8]; 6] = [b"", b"x", b"\x30\x80", b"\x30\x80\0\0", &whole[..whole.len() - 1], &[0x30; 40_000]];
    for one in garbage {
        assert_eq!(verdict(&signed_by(&raw, one)), Signature::Unverifiable, "{}", one.len());
    }
    assert_eq!(
        verdict(&with(&raw, "application/x-pkcs7-signature; name", "text/plain; name")),
        Signature::Unverifiable
    );
    assert_eq!(verdict(&raw[..raw.len() / 4]), Signature::Unverifiable);
    // The signature of another mail by the same provider says nothing of this one.
    assert_eq!(verdict(&signed_by(&with(&raw, "non si", "si"), &p7s(&mail("valida-ber")))), Signature::Invalid);
}

#[test]
fn a_signature_of_very_many_certificates_takes_no_time() {
    let raw = mail("valida-ber");
    let whole = p7s(&raw);
    let data = ContentInfo::from_ber(&whole).unwrap().content.decode_as_encoding::<SignedData>(EncodingRules::Ber);
    let data = data.unwrap().certificates.unwrap();
    let Some(CertificateChoices::Certificate(one)) = data.0.get(0) else { panic!("a certificate") };
    let one = one.to_der().unwrap();
    let place = whole.windows(one.len()).position(|some| some == one).unwrap();
    // Others of the same names, one above the other, as far as their numbers tell; without lengths there are none to put right.
    let many = |count: u16| {
        let another = |number: u16| [&one[..16], &number.to_be_bytes(), &one[18..]].concat();
        let others: Vec<u8> = (0..count).flat_map(another).collect();
        [&whole[..place], &others, &whole[place..]].concat()
    };
    assert_eq!(verdict(&signed_by(&raw, &many(5))), Signature::Valid);
    for count in [50, 1000] {
        let hostile = signed_by(&raw, &many(count));
        let began = Instant::now();
        assert_eq!(verdict(&hostile), Signature::Unverifiable, "{count}");
        assert!(began.elapsed() < Duration::from_millis(500), "{count}: {:?}", began.elapsed());
    }
}

#[test]
fn a_broken_signature_breaks_nothing_else() {
    let anchors = anchors();
    for name in ["valida", "valida-ber", "valida-con-radice"] {
        let raw = mail(name);
        let whole = p7s(&raw);
        let mut chance = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = |most: usize| {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            usize::try_from(chance % most as u64).unwrap()
        };
        for _ in 0..1500 {
            let mut changed = whole.clone();
            for _ in 0..=next(3) {
                let place = next(changed.len());
                match next(4) {
                    0 => changed[place] = u8::try_from(next(256)).unwrap(),
                    1 => changed[place] ^= 1 << next(8),
                    2 if changed.len() > 1 => drop(changed.remove(place)),
                    _ => changed.truncate(place.max(1)),
                }
            }
            // Whatever is said of it, it is said.
            let _ = verify(&signed_by(&raw, &changed), &anchors, at(SOON));
        }
    }
}
