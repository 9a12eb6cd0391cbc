//! In charge of the files in a `winmail.dat`, in which some programs of Microsoft pack what they send ([MS-OXTNEF]). Does not know
//! the mail that it came with. What cannot be read stays the file that it is.

use super::File;
use crate::mail::parse::text::one_line;

/// More are not taken out.
const MOST_FILES: usize = 200;

/// Puts what is packed in the place of the pack.
pub(super) fn unpack(files: Vec<File>) -> Vec<File> {
    let mut found = Vec::with_capacity(files.len());
    for file in files {
        match within(&file) {
            Some(inner) => found.extend(inner),
            None => found.push(file),
        }
    }
    found
}

/// The files of a pack; nothing where it is none, has none, or has something that is no plain file.
fn within(file: &File) -> Option<Vec<File>> {
    let is_named = file.name.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case("winmail.dat"));
    if !is_named && !matches!(file.media_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef") {
        return None;
    }
    let packed = tnef::read_attachments(&file.bytes).ok()?;
    let is_plain = packed.iter().all(|one| one.rend_data.attach_type == tnef::AttachType::File);
    if packed.is_empty() || packed.len() > MOST_FILES || !is_plain {
        return None;
    }
    let taken = packed.into_iter().map(|one| File {
        name: Some(one_line(&one.title)).filter(|name| !name.is_empty()),
        media_type: "application/octet-stream".into(),
        bytes: one.data.to_vec(),
        content_id: None,
        is_inline: false,
    });
    Some(taken.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        let length = u32::try_from(data.len()).unwrap();
        [&[level], &id.to_le_bytes()[..], &length.to_le_bytes(), data, &sum.to_le_bytes()].concat()
    }

    /// A pack as Outlook writes it, with these files.
    fn pack(files: &[(&str, &[u8], u8)]) -> File {
        let mut bytes = vec![0x78, 0x9f, 0x3e, 0x22, 1, 0];
        bytes.extend(attribute(1, 0x0008_9006, &[0, 0, 1, 0]));
        bytes.extend(attribute(1, 0x0006_9007, &[0xe4, 4, 0, 0, 0, 0, 0, 0]));
        for (name, data, kind) in files {
            bytes.extend(attribute(2, 0x0006_9002, &[*kind, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]));
            bytes.extend(attribute(2, 0x0001_8010, &[name.as_bytes(), &[0]].concat()));
            bytes.extend(attribute(2, 0x0006_800f, data));
            for moment in [0x0003_8012, 0x0003_8013] {
                bytes.extend(attribute(2, moment, &[0xea, 7, 6, 0, 15, 0, 9, 0, 0, 0, 0, 0, 1, 0]));
            }
            bytes.extend(attribute(2, 0x0006_9005, &[0, 0, 0, 0]));
        }
        let (content_id, is_inline) = (None, false);
        File {
            name: Some("WINMAIL.DAT".into()),
            media_type: "application/ms-tnef".into(),
            bytes,
            content_id,
            is_inline,
        }
    }

    fn names(file: File) -> Vec<String> {
        unpack(vec![file]).into_iter().map(|one| one.name.unwrap_or_default()).collect()
    }

    #[test]
    fn what_is_packed_is_taken_out() {
        let found = unpack(vec![pack(&[("verbale.pdf", b"%PDF", 1), ("perch\u{e9}.txt", b"x", 1)])]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name.as_deref(), &found[0].bytes[..]), (Some("verbale.pdf"), &b"%PDF"[..]));
        let renamed = File { name: Some("dati".into()), ..pack(&[("a.pdf", b"x", 1)]) };
        assert_eq!(names(renamed), ["a.pdf"]);
        let untyped = File { media_type: "application/octet-stream".into(), ..pack(&[("a.pdf", b"x", 1)]) };
        assert_eq!(names(untyped), ["a.pdf"]);
    }

    #[test]
    fn what_is_malformed_stays_what_it_is() {
        assert_eq!(names(pack(&[])), ["WINMAIL.DAT"]);
        assert_eq!(names(pack(&[("oggetto", b"x", 2)])), ["WINMAIL.DAT"]);
        let other = File { name: Some("a.dat".into()), media_type: "text/plain".into(), ..pack(&[("a.pdf", b"x", 1)]) };
        assert_eq!(names(other), ["a.dat"]);
        let whole = pack(&[("verbale.pdf", b"%PDF", 1)]);
        for length in 0..whole.bytes.len() {
            let cut = File { bytes: whole.bytes[..length].to_vec(), ..whole.clone() };
            assert_eq!(unpack(vec![cut]).len(), 1, "{length}");
        }
        for at in 0..whole.bytes.len() {
            let mut spoilt = whole.clone();
            spoilt.bytes[at] ^= 0xff;
            assert_eq!(unpack(vec![spoilt]).len(), 1, "{at}");
        }
    }
}
