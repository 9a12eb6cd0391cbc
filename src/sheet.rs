//! In charge of CSV files that people load: what separates the fields, which columns there are, one line after the other.
//! Whatever the file holds, memory is bounded and a broken line spoils no other: no field of ours spans lines, so each line is
//! read by itself. Does not know what the columns mean. Pure.

use std::collections::BTreeSet;

use csv_core::ReadRecordResult;
use zeroize::Zeroizing;

/// The largest file, in bytes.
pub const LARGEST: usize = 5 * 1024 * 1024;

/// The most lines of one file, without the header.
pub const MOST_LINES: usize = 5_000;

/// The longest line, in bytes.
const LONGEST_LINE: usize = 16 * 1024;

/// The most columns that are looked at.
const MOST_COLUMNS: usize = 64;

/// A column by its name in the header, and whether it must be there.
pub type Column = (&'static str, bool);

/// Why a file is not read at all: the words are in the catalogue under `sheet-<rule>`, where `names` stands for the columns.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub rule: &'static str,
    pub names: String,
}

/// A file whose header is understood. It may hold passwords, so it is wiped.
// No Debug: see above.
pub struct Sheet {
    text: Zeroizing<String>,
    separator: u8,
    header: Vec<String>,
}

/// A line below the header.
// No Debug: it may hold a password.
pub struct Line {
    /// Its number in the file; the header is mostly line 1.
    pub number: usize,
    /// The texts by the names of their columns, or the rule that the line breaks (`invalid-<rule>`).
    pub texts: Result<Vec<(String, String)>, &'static str>,
}

impl Sheet {
    /// Reads the header of a file in UTF-8 or, as spreadsheets still write, Windows-1252. The separator is the one of `;` and
    /// `,` that the header holds.
    pub fn read(bytes: Zeroizing<Vec<u8>>, columns: &[Column], most_lines: usize) -> Result<Sheet, Fault> {
        let fault = |rule: &'static str| Fault { rule, names: String::new() };
        if bytes.len() > LARGEST {
            return Err(fault("too-large"));
        }
        let text = decoded(&bytes);
        let mut lines = lines(&text);
        let (_, first) = lines.next().ok_or(fault("empty"))?;
        if first.len() > LONGEST_LINE || first.chars().any(|c| c.is_control() && c != '\t') {
            return Err(fault("not-text"));
        }
        let separator = if first.contains(';') { b';' } else { b',' };
        let cells = split(first, separator).map_err(|_| fault("not-text"))?;
        let header: Vec<String> = cells.iter().map(|cell| cell.trim().to_lowercase().replace('.', "_")).collect();
        check(&header, columns)?;
        if lines.take(most_lines + 1).count() > most_lines {
            return Err(Fault { rule: "too-many-lines", names: most_lines.to_string() });
        }
        Ok(Sheet { text, separator, header })
    }

    /// What separates the fields.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    /// The lines that hold something, in order.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        lines(&self.text).skip(1).map(|(number, line)| Line { number, texts: self.named(line) })
    }

    fn named(&self, line: &str) -> Result<Vec<(String, String)>, &'static str> {
        let cells = split(line, self.separator)?;
        // A line with more or fewer fields than the header has something in a wrong column, perhaps the password.
        if cells.len() != self.header.len() {
            return Err("line-fields");
        }
        Ok(self.header.iter().cloned().zip(cells).collect())
    }
}

/// The header's names against those that there may be and must be.
fn check(header: &[String], columns: &[Column]) -> Result<(), Fault> {
    let fault = |rule: &'static str, names: Vec<&str>| Err(Fault { rule, names: names.join(", ") });
    let is_known = |name: &str| columns.iter().any(|(known, _)| *known == name);
    // A first line that names nothing of ours is a line of data: it is not repeated, for it may hold a password.
    if !header.iter().any(|name| is_known(name)) {
        return fault("no-header", columns.iter().filter(|(_, needed)| *needed).map(|(name, _)| *name).collect());
    }
    let unknown: BTreeSet<&str> = header.iter().map(String::as_str).filter(|name| !is_known(name)).collect();
    if !unknown.is_empty() {
        let shown = unknown.iter().map(|name| if name.is_empty() { "«»" } else { cut(name) }).take(8).collect();
        return fault("unknown-columns", shown);
    }
    let mut seen = BTreeSet::new();
    let doubled: Vec<&str> = header.iter().map(String::as_str).filter(|name| !seen.insert(*name)).collect();
    if !doubled.is_empty() {
        return fault("doubled-columns", doubled);
    }
    let missing: Vec<&str> =
        columns.iter().filter(|(name, needed)| *needed && !seen.contains(name)).map(|(name, _)| *name).collect();
    if missing.is_empty() { Ok(()) } else { fault("missing-columns", missing) }
}

/// The beginning of a name that may be anything.
fn cut(name: &str) -> &str {
    name.char_indices().nth(40).map_or(name, |(at, _)| &name[..at])
}

/// The text of a file, whatever its bytes.
fn decoded(bytes: &[u8]) -> Zeroizing<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Zeroizing::new(text.to_string()),
        Err(_) => Zeroizing::new(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()),
    }
}

/// The lines that hold more than separators, with their numbers from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_blank = |line: &str| line.chars().all(|c| c.is_whitespace() || matches!(c, ';' | ',' | '"'));
    (1..).zip(text.lines()).filter(move |(_, line)| !is_blank(line))
}

/// The fields of one line (RFC 4180): between quotes a separator is a character like another, and a quote stands twice.
fn split(line: &str, separator: u8) -> Result<Vec<String>, &'static str> {
    if line.len() > LONGEST_LINE {
        return Err("line-too-long");
    }
    // The reader would end the line there.
    if line.contains('\r') {
        return Err("control-characters");
    }
    let mut reader = csv_core::ReaderBuilder::new().delimiter(separator).build();
    // With room to spare, for the reader stops where there is none even if nothing more is to be written.
    let mut cells = Zeroizing::new(vec![0; line.len() + 1]);
    let mut ends = [0; MOST_COLUMNS];
    let (read, _, written, ended) = reader.read_record(line.as_bytes(), &mut cells, &mut ends);
    let (read, ended) = match read {
        ReadRecordResult::InputEmpty => {
            let (read, _, _, last) = reader.read_record(b"\n", &mut cells[written..], &mut ends[ended..]);
            (read, ended + last)
        }
        read => (read, ended),
    };
    match read {
        ReadRecordResult::Record => {}
        ReadRecordResult::OutputEndsFull => return Err("line-fields"),
        // The end of the line is inside quotes.
        _ => return Err("line-quotes"),
    }
    let mut begin = 0;
    let mut cell = |end: &usize| {
        let bytes = &cells[begin..*end];
        begin = *end;
        std::str::from_utf8(bytes).map(str::to_string).map_err(|_| "line-quotes")
    };
    ends[..ended].iter().map(&mut cell).collect()
}

/// A yes or a no as spreadsheets and people write it, in the API's word; anything else as it is.
pub fn yes_or_no(text: &str) -> String {
    match text.trim().to_lowercase().as_str() {
        "true" | "vero" | "sì" | "si" | "yes" | "1" | "x" => "true".into(),
        "false" | "falso" | "no" | "0" => "false".into(),
        _ => text.into(),
    }
}

/// A day as Italian spreadsheets write it (DD/MM/YYYY), in the API's form; anything else as it is.
pub fn day(text: &str) -> String {
    match chrono::NaiveDate::parse_from_str(text.trim(), "%d/%m/%Y") {
        Ok(day) => day.format("%Y-%m-%d").to_string(),
        Err(_) => text.into(),
    }
}

/// A text that a spreadsheet shows as it is, instead of taking it for a formula, and a terminal too.
pub fn harmless(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

/// A line of a file for spreadsheets, with `;` between its cells as they open it in Italy. A cell that would be a formula begins
/// with an apostrophe, so that no spreadsheet executes it (OWASP, CSV injection).
pub fn line(cells: &[&str]) -> String {
    let safe = |cell: &&str| match cell.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@') => format!("'{cell}"),
        _ if cell.starts_with(['\t', '\r', '\n']) => format!("'{cell}"),
        _ => cell.to_string(),
    };
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing into memory does not fail, and texts are UTF-8.
    let _ = writer.write_record(cells.iter().map(safe));
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 4] = [("address", true), ("password", true), ("imap_host", false), ("group", false)];

    fn read(bytes: impl AsRef<[u8]>) -> Result<Sheet, Fault> {
        Sheet::read(Zeroizing::new(bytes.as_ref().to_vec()), &COLUMNS, MOST_LINES)
    }

    fn refused(bytes: impl AsRef<[u8]>) -> (&'static str, String) {
        let fault = read(bytes).err().expect("refused");
        (fault.rule, fault.names)
    }

    /// Each line as `number:field|field`, or `number!rule`.
    fn told(bytes: impl AsRef<[u8]>) -> Vec<String> {
        let sheet = read(bytes).unwrap_or_else(|fault| panic!("{fault:?}"));
        let said = |line: Line| match line.texts {
            Ok(texts) => {
                let texts: Vec<String> = texts.into_iter().map(|(_, text)| text).collect();
                format!("{}:{}", line.number, texts.join("|"))
            }
            Err(rule) => format!("{}!{rule}", line.number),
        };
        sheet.lines().map(said).collect()
    }

    #[test]
    fn files_are_read_as_spreadsheets_write_them() {
        assert_eq!(told("address,password\na@b.it,p\nc@d.it,q\n"), ["2:a@b.it|p", "3:c@d.it|q"]);
        assert_eq!(told("\u{feff}Address;\"PASSWORD\"\r\na@b.it;\"p;\"\"q\"\r\n"), ["2:a@b.it|p;\"q"]);
        assert_eq!(told(b"address;password\r\na@b.it;perch\xe9 \x80\r\n"), ["2:a@b.it|perché €"]);
        assert_eq!(told("address;password;imap.host\na;b,c;d"), ["2:a|b,c|d"]);
        assert_eq!(told("\n;;\naddress;password\n\n;\n a ; b \n"), ["6: a | b "]);
        assert_eq!(told("address,password\na,'b\n\"a\",b\"c\n"), ["2:a|'b", "3:a|b\"c"]);
        assert!(told("address,password\n").is_empty());
    }

    #[test]
    fn a_header_that_is_not_ours_is_refused_by_name() {
        let said = |rule: &'static str, names: &str| (rule, names.to_string());
        assert_eq!(refused("address,password,colour,\n"), said("unknown-columns", "«», colour"));
        assert_eq!(refused("address,password,group,Group\n"), said("doubled-columns", "group"));
        assert_eq!(refused("address,group\n"), said("missing-columns", "password"));
        assert_eq!(refused("a@b.it,segreta\n"), said("no-header", "address, password"));
        assert_eq!(refused(""), said("empty", ""));
        assert_eq!(refused("\n\n;;;\n"), said("empty", ""));
        let long = format!("address,{}\n", "x".repeat(5000));
        assert_eq!(refused(long), said("unknown-columns", &"x".repeat(40)));
    }

    #[test]
    fn hostile_files_are_refused_and_hostile_lines_spoil_no_other() {
        for bytes in [
            &b"PK\x03\x04\x14\0\x06\0address,password"[..],
            b"\xff\xfea\0d\0d\0r\0e\0s\0s\0",
            b"address,password\0\n",
            b"\0\0\0\0",
            b"address,password,\"group\n",
            "address,password,".repeat(10_000).as_bytes(),
            "x".repeat(LARGEST).as_bytes(),
        ] {
            assert_eq!(refused(bytes).0, "not-text", "{:?}", &bytes[..10]);
        }
        let many = format!("address,password,{}\n", "group,".repeat(100));
        assert_eq!(refused(many).0, "not-text");
        assert_eq!(refused("x".repeat(LARGEST + 1)).0, "too-large");
        assert_eq!(refused(format!("address,password\n{}", "a,b\n".repeat(MOST_LINES + 1))).0, "too-many-lines");

        let wide = ",".repeat(100_000);
        let huge = "x".repeat(1_000_000);
        let file =
            format!("address,password\na,b\n{wide}x\n{huge}\n\"c,d\ne,f\n\"g\",\"h,\ni,j,k\nl\nm\rn,o\np,\0q\nr,s");
        assert_eq!(
            told(file),
            [
                "2:a|b",
                "3!line-too-long",
                "4!line-too-long",
                "5!line-quotes",
                "6:e|f",
                "7!line-quotes",
                "8!line-fields",
                "9!line-fields",
                "10!control-characters",
                "11:p|\0q",
                "12:r|s",
            ]
        );
        assert_eq!(told(format!("address,password\n{}x\n", ",".repeat(1000))), ["2!line-fields"]);
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let mut state = 7_u32;
        for _ in 0..3000 {
            let mut file = b"address;password\n".to_vec();
            for _ in 0..60 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                file.push(b";\"\n\r\0a,\xc3\xa9\xff\"; "[(state >> 24) as usize % 13]);
            }
            if let Ok(sheet) = read(&file) {
                sheet.lines().for_each(drop);
            }
        }
    }

    #[test]
    fn spreadsheets_words_become_the_apis() {
        assert_eq!(["VERO", "sì", "1", "falso", "forse"].map(yes_or_no), ["true", "true", "true", "false", "forse"]);
        assert_eq!(["02/01/2026", "2026-01-02", "31/02/2026"].map(day), ["2026-01-02", "2026-01-02", "31/02/2026"]);
    }

    #[test]
    fn nothing_written_is_a_formula_nor_moves_a_terminal() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@a", "'@a"),
            ("+a", "'+a"),
            ("-a", "'-a"),
            ("a=b", "a=b"),
            ("a\u{1b}[2J\tb", "a [2J b"),
        ] {
            assert_eq!(harmless(text), expected);
        }
        assert_eq!(harmless("\t=1"), " =1");
    }
}
