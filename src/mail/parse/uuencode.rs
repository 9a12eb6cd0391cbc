//! In charge of files that stand in a text as programs of old wrote them, between `begin 644 name` and `end` (POSIX, uuencode). Does
//! not know the mail.

/// The longest line of the coding: a length, 45 bytes in 60 signs, and what some programs add.
const LONGEST_LINE: usize = 80;

/// A file that stood in a text.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::mail) struct Packed {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The bytes of the first file of a body.
pub(super) fn decode(body: &[u8]) -> Option<Vec<u8>> {
    let text: String = body.iter().map(|byte| char::from(*byte)).collect();
    let (_, files) = take_out(&text);
    files.into_iter().next().map(|file| file.bytes)
}

/// A text without its files, and the files. What does not hold to its end is text.
pub(in crate::mail) fn take_out(text: &str) -> (String, Vec<Packed>) {
    let (mut left, mut files) = (String::with_capacity(text.len()), Vec::new());
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let Some(name) = begun(line) else {
            left.push_str(line);
            continue;
        };
        let (mut bytes, mut taken, mut holds) = (Vec::new(), line.to_string(), true);
        while let Some(next) = lines.next_if(|_| holds) {
            taken.push_str(next);
            let line = next.trim_end_matches(['\r', '\n']);
            if line == "end" {
                files.push(Packed { name: name.to_string(), bytes: std::mem::take(&mut bytes) });
                taken.clear();
                break;
            }
            holds = unpack(line, &mut bytes).is_some();
        }
        left.push_str(&taken);
    }
    (left, files)
}

/// The name in a line that begins a file.
fn begun(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let is_mode = (3..=4).contains(&mode.len()) && mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    Some(name.trim()).filter(|name| is_mode && !name.is_empty())
}

/// The bytes of one line; nothing where it is none. Spaces at its end are lost on some ways: they are zeros.
fn unpack(line: &str, bytes: &mut Vec<u8>) -> Option<()> {
    let signs = line.as_bytes();
    let value = |sign: u8| (b' '..=b'`').contains(&sign).then(|| (sign - b' ') & 63);
    let Some((length, signs)) = signs.split_first() else { return Some(()) };
    let length = usize::from(value(*length)?);
    if signs.len() > LONGEST_LINE || signs.len() + 4 < length.div_ceil(3) * 4 {
        return None;
    }
    let values = signs.iter().map(|sign| value(*sign)).collect::<Option<Vec<u8>>>()?;
    let mut made = Vec::with_capacity(length);
    for four in values.chunks(4) {
        let at = |index: usize| u32::from(four.get(index).copied().unwrap_or_default());
        let three = (at(0) << 18) | (at(1) << 12) | (at(2) << 6) | at(3);
        made.extend_from_slice(three.to_be_bytes().get(1..).unwrap_or_default());
    }
    made.resize(length, 0);
    bytes.extend(made);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_leave_the_text() {
        let text = "Prima\n\nbegin 644 gatto.txt\n#0V%T\n`\nend\n\nDopo\n";
        let cat = Packed { name: "gatto.txt".into(), bytes: b"Cat".to_vec() };
        assert_eq!(take_out(text), ("Prima\n\n\nDopo\n".into(), vec![cat]));
        let long = format!("begin 600 zeri\nM{}\n#0V%T\n \nend", "`".repeat(60));
        let (left, files) = take_out(&long);
        assert_eq!((left.as_str(), files[0].bytes.len(), files[0].bytes.ends_with(b"Cat")), ("", 48, true));
    }

    #[test]
    fn what_does_not_hold_is_text() {
        for text in [
            "begin 644 a\n#0V%T\n",
            "begin 644 a\nCiao, come stai?\nend\n",
            "begin with me\nend\n",
            "begin 999 a\n#0V%T\nend\n",
            "begin 644 \nend\n",
            "begin\n",
            "",
        ] {
            assert_eq!(take_out(text), (text.to_string(), Vec::new()), "{text}");
        }
    }
}
