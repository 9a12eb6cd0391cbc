//! In charge of which parts of a message are files. Does not know how they were read: from the message, or from what its
//! server says of its structure.

use super::parts::Part;
use super::text::{DEEPEST, MOST_PARTS, is_original, one_line};
use crate::model::message::{Attachment, PecKind};

/// Files told of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Files {
    /// Whether it has some.
    pub own: bool,
    /// Whether the message within it has some; absent when there is none.
    pub original: Option<bool>,
}

impl Files {
    /// What people mean by «has attachments»: of an envelope, those of its original (`pec.md` 1.4).
    pub fn shown(self, kind: PecKind) -> bool {
        if is_envelope(kind) { self.original.unwrap_or(self.own) } else { self.own }
    }
}

/// Whether a part without parts is a file: sent as one, or not a text. Neither the signature of the message nor the picture
/// of a web page (`is_related`) is.
pub fn is_file(media: &str, subtype: &str, is_attachment: bool, has_name: bool, is_related: bool) -> bool {
    let is = |wanted: &str, one: &str| one.eq_ignore_ascii_case(wanted);
    let signatures = ["pkcs7-signature", "x-pkcs7-signature", "pgp-signature"];
    if is("application", media) && signatures.iter().any(|known| is(known, subtype)) {
        return false;
    }
    let is_text = media.is_empty() || is("text", media) || is("multipart", media);
    is_attachment || (!is_related && (has_name || !is_text))
}

/// The files of a message, in the order in which they stand in it; those of an envelope's original follow it.
pub(super) fn files(part: &Part<'_>, kind: PecKind, truncated: bool) -> (Files, Vec<Attachment>) {
    let mut walk = Walk { found: Vec::new(), enters: is_envelope(kind), original: None };
    walk.through(part, false, DEEPEST);
    if truncated && let Some(last) = walk.found.last_mut() {
        last.size = None;
    }
    (Files { own: !walk.found.is_empty(), original: walk.original }, walk.found)
}

/// Whether a message of this kind carries another, which is what was written.
pub(in crate::mail) fn is_envelope(kind: PecKind) -> bool {
    matches!(kind, PecKind::CertifiedMessage | PecKind::RemDispatch | PecKind::Anomaly)
}

struct Walk {
    found: Vec<Attachment>,
    /// Whether the original is still to be entered: once.
    enters: bool,
    original: Option<bool>,
}

impl Walk {
    fn through(&mut self, part: &Part<'_>, is_related: bool, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let children = part.children(MOST_PARTS);
        if !children.is_empty() {
            let is_related = part.is("multipart", "related");
            children.iter().for_each(|child| self.through(child, is_related, depth));
            return;
        }
        let media_type = part.media_type();
        let (media, subtype) = media_type.split_once('/').unwrap_or_default();
        if !is_file(media, subtype, part.is_attachment(), part.file_name().is_some(), is_related) {
            return;
        }
        let content = part.decoded();
        self.found.push(Attachment {
            n: u32::try_from(self.found.len() + 1).unwrap_or(u32::MAX),
            name: part.file_name().map(one_line).filter(|name| !name.is_empty()),
            size: Some(content.len() as u64),
            media_type: one_line(&media_type),
        });
        if is_original(part) && std::mem::take(&mut self.enters) {
            let before = self.found.len();
            self.through(&Part::read(&content), false, depth);
            self.original = Some(self.found.len() > before);
        }
    }
}
