//! In charge of what an envelope or a receipt of certified mail says beside its words (`pec.md` 1 and 2.1). Does not know
//! whether its signature holds.

use mail_parser::{Addr, Address, HeaderName, HeaderValue};

use super::headers::{Person, bare, id, ids, person};
use super::{File, Part};
use crate::mail::parse;
use crate::mail::parse::text::is_original_name;
use crate::model::message::PecKind;

/// The data of certification, as a file (RFC 6109, 4.4).
const DATA: &str = "daticert.xml";

/// No honest data of certification are longer.
const LONGEST_DATA: usize = 1024 * 1024;

/// The identifiers of a certified mail: people answer to any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// Given by the sender's provider (RFC 6109, 2.1.1.1): `identificativo` of daticert.xml, else the envelope's `Message-ID`;
    /// absent of a receipt without daticert.xml.
    pub provider_id: Option<String>,
    /// The `Message-ID` of the envelope or receipt itself.
    pub envelope_message_id: Option<String>,
    /// The certified address of who wrote: `mittente` of daticert.xml, else the one on whose behalf the envelope was sent; absent of
    /// a receipt without daticert.xml.
    pub sender: Option<String>,
    /// The `Message-ID` given by the sender's own program, which the provider has replaced.
    pub sender_message_id: Option<String>,
    /// What the provider states of a message that it has certified.
    pub statement: Option<Statement>,
}

/// What daticert.xml says of a certified message: as true as the signature over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Absent where it cannot be read.
    pub sender: Option<String>,
    /// Whom the message was sent to: certified mail has no blind copies (RFC 6109, 2.1).
    pub recipients: Vec<String>,
}

/// What a certified message or a receipt says of itself; nothing of mail that is not certified, an anomaly's included.
pub(super) fn read(kind: PecKind, outer: &Part<'_>, files: &[File]) -> Option<Certified> {
    let is_message = matches!(kind, PecKind::CertifiedMessage | PecKind::RemDispatch);
    if !is_message && !is_receipt(kind) {
        return None;
    }
    let envelope_message_id = ids(outer, &HeaderName::MessageId).into_iter().next();
    let own = envelope_message_id.clone().filter(|_| is_message);
    let said = |name: &str| files.iter().filter(|file| is_data(file)).find_map(|file| only(&file.bytes, name));
    let provider_id = said("identificativo").and_then(|text| id(&text)).or(own);
    let sender = said("mittente").and_then(|text| bare(&text)).or_else(|| on_behalf_of(outer).filter(|_| is_message));
    let sender = sender.map(|sender| sender.email);
    let statement = is_message.then(|| statement(files)).flatten();
    Some(Certified { provider_id, envelope_message_id, sender, sender_message_id: reference(outer), statement })
}

/// The mail that a receipt is about. An envelope has the same header and is about nothing but itself.
pub(super) fn receipt_for(kind: PecKind, outer: &Part<'_>) -> Option<String> {
    reference(outer).filter(|_| is_receipt(kind))
}

/// The bytes of the message within, taken from the files of its envelope.
pub(super) fn take_original(files: &mut Vec<File>) -> Option<Vec<u8>> {
    let is_named = |file: &File| file.name.as_deref().is_some_and(is_original_name);
    let named = files.iter().position(is_named);
    let place = named.or_else(|| files.iter().position(|file| file.media_type == "message/rfc822"))?;
    Some(files.swap_remove(place).bytes)
}

/// Who an envelope is sent for, from itself alone (`pec.md` 1.3).
pub(super) fn on_behalf_of(outer: &Part<'_>) -> Option<Person> {
    let from = outer.header(&HeaderName::From).and_then(HeaderValue::as_address).and_then(Address::first);
    let named = from.and_then(Addr::name).and_then(parse::on_behalf_of).and_then(bare);
    named.or_else(|| person(outer, HeaderName::ReplyTo))
}

fn is_receipt(kind: PecKind) -> bool {
    match kind {
        PecKind::Acceptance
        | PecKind::NonAcceptance
        | PecKind::TakenInCharge
        | PecKind::Delivery
        | PecKind::DeliveryError
        | PecKind::DeliveryWarning
        | PecKind::VirusDetected
        | PecKind::RemReceipt => true,
        PecKind::CertifiedMessage
        | PecKind::Anomaly
        | PecKind::RemDispatch
        | PecKind::Suspicious
        | PecKind::Ordinary => false,
    }
}

fn reference(outer: &Part<'_>) -> Option<String> {
    let name = HeaderName::Other("X-Riferimento-Message-ID".into());
    outer.header(&name).and_then(HeaderValue::as_text).and_then(id)
}

fn is_data(file: &File) -> bool {
    file.name.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case(DATA))
}

/// What the one daticert.xml of an envelope states; nothing where it is about something else, as that of a receipt.
fn statement(files: &[File]) -> Option<Statement> {
    let mut data = files.iter().filter(|file| is_data(file));
    let (file, None) = (data.next()?, data.next()) else { return None };
    let text = String::from_utf8_lossy(file.bytes.get(..LONGEST_DATA).unwrap_or(&file.bytes));
    let (before, root) = text.split_once("<postacert")?;
    let (root, within) = root.split_once('>')?;
    let is_message = ["tipo=\"posta-certificata\"", "tipo='posta-certificata'"].iter().any(|kind| root.contains(kind));
    let is_plain = !before.contains("<!--") && root.matches("tipo=").count() == 1;
    if !is_message || !is_plain {
        return None;
    }
    let sender = only(&file.bytes, "mittente").and_then(|text| bare(&text)).map(|one| one.email);
    let recipients = within.split("<destinatari").skip(1).filter_map(|rest| {
        let (address, _) = rest.split_once('>')?.1.split_once('<')?;
        bare(address).map(|one| one.email)
    });
    Some(Statement { sender, recipients: recipients.collect() })
}

/// What stands in the only element of this name. It has no entities, elements or attributes (RFC 6109, 4.4), so that finding it
/// takes no reader of XML; what looks otherwise is not taken.
fn only(data: &[u8], name: &str) -> Option<String> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let text = String::from_utf8_lossy(data.get(..LONGEST_DATA).unwrap_or(data));
    let (before, rest) = text.split_once(&begin)?;
    let (inside, after) = rest.split_once(&end)?;
    let is_hidden = before.contains("<!--") || before.contains("<![");
    let is_only = !after.contains(&begin) && !is_hidden && !inside.contains(['<', '&']);
    Some(inside.trim().to_string()).filter(|inside| is_only && !inside.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_provider_states_of_a_message() {
        let file = |text: &str| File {
            name: Some("daticert.xml".into()),
            media_type: "application/xml".into(),
            bytes: text.as_bytes().to_vec(),
            content_id: None,
            is_inline: false,
        };
        let of = |text: &str| statement(&[file(text)]);
        let within = "<intestazione><mittente>a@b.example</mittente><destinatari tipo=\"certificato\">c@d.example</destinatari>\
                      <destinatari>e@f.example</destinatari><oggetto><![CDATA[x]]></oggetto></intestazione></postacert>";
        let said = Statement {
            sender: Some("a@b.example".into()),
            recipients: vec!["c@d.example".into(), "e@f.example".into()],
        };
        for root in ["tipo=\"posta-certificata\" errore=\"nessuno\"", "errore='nessuno' tipo='posta-certificata'"] {
            assert_eq!(
                of(&format!("<?xml version=\"1.0\"?>\n<postacert {root}>{within}")).as_ref(),
                Some(&said),
                "{root}"
            );
        }
        for root in ["tipo=\"accettazione\"", "", "tipo=\"accettazione\" tipo=\"posta-certificata\""] {
            assert_eq!(of(&format!("<postacert {root}>{within}")), None, "{root}");
        }
        assert_eq!(of(&format!("<!-- <postacert tipo=\"posta-certificata\"> -->{within}")), None);
        let unread = of("<postacert tipo=\"posta-certificata\"><mittente>a&amp;b@c.example</mittente>").unwrap();
        assert_eq!((unread.sender, unread.recipients.len()), (None, 0));
        let one = file(&format!("<postacert tipo=\"posta-certificata\">{within}"));
        assert_eq!(statement(&[one.clone(), one]), None, "there is one of them");
    }

    #[test]
    fn the_identifier_that_the_provider_gave() {
        for (data, expected) in [
            ("<dati><identificativo> opec1.2@g.example\n</identificativo></dati>", Some("opec1.2@g.example")),
            ("<identificativo>a@b</identificativo><identificativo>c@d</identificativo>", None),
            ("<!-- --><identificativo>a@b</identificativo>", None),
            ("<!DOCTYPE postacert><identificativo>a@b</identificativo>", Some("a@b")),
            ("<![CDATA[<identificativo>a@b</identificativo>]]>", None),
            ("<identificativo>a&amp;b</identificativo>", None),
            ("<identificativo></identificativo>", None),
            ("<identificativo>a@b", None),
            ("", None),
        ] {
            let found = only(data.as_bytes(), "identificativo").and_then(|text| id(&text));
            assert_eq!(found.as_deref(), expected, "{data}");
        }
    }
}
