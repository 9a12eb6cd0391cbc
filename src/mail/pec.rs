//! In charge of telling what a message is from its own top-level headers (`pec.md` 1). Does not know MIME, nor any
//! signature.

use crate::model::message::PecKind;

/// The local part of the address by which every provider sends its envelopes and receipts (`pec.md` 1.3).
const PROVIDER: &str = "posta-certificata";

/// What the subjects of envelopes and receipts begin with (`pec.md` 1.2).
const PREFIXES: [&str; 12] = [
    "ACCETTAZIONE:",
    "AVVISO DI NON ACCETTAZIONE:",
    "AVVISO DI NON ACCETTAZIONE PER VIRUS:",
    "PRESA IN CARICO:",
    "CONSEGNA:",
    "AVVISO DI MANCATA CONSEGNA:",
    "AVVISO DI MANCATA CONSEGNA PER VIRUS:",
    "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO:",
    "PROBLEMA DI SICUREZZA:",
    "POSTA CERTIFICATA:",
    "ANOMALIA MESSAGGIO:",
    "AVVENUTA CONSEGNA:", // a variant of third parties
];

/// What a message is, in the decision order of `pec.md` 1.1.
///
/// `headers` are those of the message itself, never of a part of it: name as written, value decoded. A kind told
/// here is a claim of the headers, verified only when the signature is.
pub fn kind(headers: &[(String, String)]) -> PecKind {
    let header = |wanted: &str| {
        let found = headers.iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim().to_ascii_lowercase())
    };
    if let Some(receipt) = header("X-Ricevuta") {
        return receipt_kind(&receipt);
    }
    match header("X-Trasporto").as_deref() {
        Some("posta-certificata") => return PecKind::CertifiedMessage,
        Some("errore") => return PecKind::Anomaly,
        _ => {}
    }
    if let Some(rem) = header("REM-MessageType") {
        return rem_kind(&rem, &header("REM-EventIdentifier").unwrap_or_default());
    }
    let from_provider = header("From").is_some_and(|from| is_provider(&from));
    let subject = headers.iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("Subject"));
    let has_prefix = subject.is_some_and(|(_, subject)| strip_prefixes(subject).len() < subject.trim_start().len());
    if from_provider || has_prefix { PecKind::Suspicious } else { PecKind::Ordinary }
}

/// A subject without the prefixes of PEC, however many; they are in capitals, so «Consegna: libri» keeps its word.
pub fn strip_prefixes(subject: &str) -> &str {
    let mut rest = subject.trim_start();
    while let Some(shorter) = PREFIXES.iter().find_map(|prefix| rest.strip_prefix(prefix)) {
        rest = shorter.trim_start();
    }
    rest
}

/// Whether a From, bare or with a name, is the one of a certified mail provider.
fn is_provider(from: &str) -> bool {
    let address = from.rsplit_once('<').map_or(from, |(_, address)| address);
    address.trim().split('@').next().is_some_and(|local| local.eq_ignore_ascii_case(PROVIDER))
}

/// Types are an open set: one that nobody told us of is shown as something not to be trusted, never dropped.
fn receipt_kind(receipt: &str) -> PecKind {
    match receipt {
        "accettazione" => PecKind::Acceptance,
        "non-accettazione" => PecKind::NonAcceptance,
        "presa-in-carico" => PecKind::TakenInCharge,
        "avvenuta-consegna" => PecKind::Delivery,
        "errore-consegna" | "mancata-consegna" => PecKind::DeliveryError,
        "preavviso-errore-consegna" => PecKind::DeliveryWarning,
        "rilevazione-virus" => PecKind::VirusDetected,
        _ => PecKind::Suspicious,
    }
}

/// ETSI EN 319 532 as seen on the wire (`pec.md` 6.5); both words may be the end of a longer identifier.
fn rem_kind(message_type: &str, event: &str) -> PecKind {
    if event.ends_with("receivedfromnonerds") {
        PecKind::Anomaly
    } else if message_type.ends_with("dispatch") {
        PecKind::RemDispatch
    } else if message_type.ends_with("receipt") {
        PecKind::RemReceipt
    } else {
        PecKind::Suspicious
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&str, &str)], expected: PecKind) {
        let owned: Vec<(String, String)> = headers.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        assert_eq!(kind(&owned), expected, "{headers:?}");
    }

    #[test]
    fn each_receipt_by_its_header() {
        check(&[("X-Ricevuta", "accettazione")], PecKind::Acceptance);
        check(&[("X-Ricevuta", "non-accettazione")], PecKind::NonAcceptance);
        check(&[("X-Ricevuta", "non-accettazione"), ("X-VerificaSicurezza", "errore")], PecKind::NonAcceptance);
        check(&[("X-Ricevuta", "presa-in-carico")], PecKind::TakenInCharge);
        check(&[("x-ricevuta", " Avvenuta-Consegna ")], PecKind::Delivery);
        check(&[("X-Ricevuta", "errore-consegna")], PecKind::DeliveryError);
        check(&[("X-Ricevuta", "mancata-consegna")], PecKind::DeliveryError);
        check(&[("X-Ricevuta", "preavviso-errore-consegna")], PecKind::DeliveryWarning);
        check(&[("X-Ricevuta", "rilevazione-virus")], PecKind::VirusDetected);
        check(&[("X-Ricevuta", "qualcosa-di-nuovo")], PecKind::Suspicious);
    }

    #[test]
    fn the_order_of_decision() {
        check(&[("X-Trasporto", "posta-certificata"), ("X-Ricevuta", "accettazione")], PecKind::Acceptance);
        check(&[("X-TRASPORTO", "Posta-Certificata")], PecKind::CertifiedMessage);
        check(&[("X-Trasporto", "errore"), ("Subject", "POSTA CERTIFICATA: x")], PecKind::Anomaly);
        check(&[("X-Trasporto", "errore"), ("REM-MessageType", "x/dispatch")], PecKind::Anomaly);
        check(&[("REM-MessageType", "http://uri.etsi.org/19532/v1/dispatch")], PecKind::RemDispatch);
        check(
            &[("REM-MessageType", "x/receipt"), ("REM-EventIdentifier", "SubmissionAcceptance")],
            PecKind::RemReceipt,
        );
        check(&[("REM-MessageType", "x/dispatch"), ("REM-EventIdentifier", "ReceivedFromNonERDS")], PecKind::Anomaly);
        check(&[("REM-MessageType", "altro")], PecKind::Suspicious);
    }

    #[test]
    fn what_only_looks_certified() {
        check(&[("From", "posta-certificata@pec.example")], PecKind::Suspicious);
        check(&[("From", "\"Per conto di: a@b\" <Posta-Certificata@pec.example>")], PecKind::Suspicious);
        check(&[("Subject", "ACCETTAZIONE: domanda")], PecKind::Suspicious);
        check(&[("Subject", "Consegna: libri"), ("From", "a@b.example")], PecKind::Ordinary);
        check(&[("Subject", "Re: POSTA CERTIFICATA: x")], PecKind::Ordinary);
        check(&[("X-Riferimento-Message-ID", "<a@b>")], PecKind::Ordinary);
        check(&[("From", "posta-certificata-finta@x.example")], PecKind::Ordinary);
        check(&[], PecKind::Ordinary);
    }

    #[test]
    fn prefixes_go_however_many() {
        assert_eq!(strip_prefixes("POSTA CERTIFICATA: POSTA CERTIFICATA:  Domanda"), "Domanda");
        assert_eq!(strip_prefixes("AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: x"), "x");
        assert_eq!(strip_prefixes(" Domanda: POSTA CERTIFICATA: x"), "Domanda: POSTA CERTIFICATA: x");
        assert_eq!(strip_prefixes("CONSEGNA:"), "");
    }
}
