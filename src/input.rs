//! In charge of what people type: named fields, from a page's form or an API's body, checked all at once so that every
//! wrong one is told. Does not know what the fields mean. Pure.

use std::collections::BTreeMap;

use serde_json::Value;
use zeroize::Zeroize;

use crate::tax_code;

/// A field that is wrong, and by which rule; the words are in the catalogue under `invalid-<rule>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Dotted path, as `imap.host`.
    pub field: String,
    pub rule: &'static str,
    /// What the words name as `$about`, for rules that name something: what would be right.
    pub about: String,
}

impl FieldError {
    /// A wrong field.
    pub fn new(field: impl Into<String>, rule: &'static str) -> FieldError {
        FieldError { field: field.into(), rule, about: String::new() }
    }
}

/// The fields as they came. Objects are flattened to dotted paths; `null` counts as not given by `POST`, as «empty it» by `PATCH`.
// No Debug: what is typed may be a password.
#[derive(Clone, Default)]
pub struct Fields {
    values: BTreeMap<String, Value>,
    wrong: Vec<FieldError>,
}

impl Fields {
    /// From an API's body, which must be an object.
    pub fn from_json(body: Value) -> Option<Fields> {
        let Value::Object(map) = body else { return None };
        let mut fields = Fields::default();
        for (key, value) in map {
            fields.flatten(key, value, 0);
        }
        Some(fields)
    }

    /// From a form: texts only, where an empty one is not given.
    pub fn from_texts(texts: impl IntoIterator<Item = (String, String)>) -> Fields {
        let values =
            texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key, Value::String(text)));
        Fields { values: values.collect(), wrong: Vec::new() }
    }

    /// From the named texts of a form or of a line of a file, whose `imap_host` is the API's `imap.host`.
    pub fn from_named(texts: impl IntoIterator<Item = (String, String)>) -> Fields {
        Fields::from_texts(texts.into_iter().map(|(name, text)| (dotted(&name), text)))
    }

    fn flatten(&mut self, key: String, value: Value, depth: u8) {
        match value {
            Value::Object(map) if depth < 4 && !map.is_empty() => {
                for (inner, value) in map {
                    self.flatten(format!("{key}.{inner}"), value, depth + 1);
                }
            }
            value => {
                self.values.insert(key, value);
            }
        }
    }

    /// Adds a wrong field that the caller found.
    pub fn refuse(&mut self, field: &str, rule: &'static str) {
        self.refuse_about(field, rule, String::new());
    }

    /// The same, by a rule whose words name what would be right.
    pub fn refuse_about(&mut self, field: &str, rule: &'static str, about: String) {
        if !self.wrong.iter().any(|known| known.field == field) {
            self.wrong.push(FieldError { about, ..FieldError::new(field, rule) });
        }
    }

    /// Leaves a field out of sight: one that a page sends for the browser's own use.
    pub fn forget(&mut self, field: &str) {
        self.values.remove(field);
    }

    /// Says that a field is to be emptied, as `null` does in a body.
    pub fn empty(&mut self, field: &str) {
        self.values.insert(field.into(), Value::Null);
    }

    /// Gives a field that follows from others.
    pub fn put(&mut self, field: &str, text: &str) {
        self.values.insert(field.into(), text.into());
    }

    /// Refuses every field that is not in the list.
    pub fn only(&mut self, known: &[&str]) {
        let unknown: Vec<String> = self.values.keys().filter(|key| !known.contains(&key.as_str())).cloned().collect();
        for key in unknown {
            self.refuse(&key, "unknown-field");
        }
    }

    /// True when the field was given, even as `null`.
    pub fn has(&self, field: &str) -> bool {
        self.values.contains_key(field)
    }

    /// True when the field was given as `null`.
    pub fn is_null(&self, field: &str) -> bool {
        self.values.get(field).is_some_and(Value::is_null)
    }

    /// True when any field of an object was given.
    pub fn has_any(&self, prefix: &str) -> bool {
        self.values
            .keys()
            .any(|key| key == prefix || key.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Refuses a value where an object is expected; an object's own fields have paths of their own.
    pub fn object(&mut self, field: &str) {
        if self.values.get(field).is_some_and(|value| !value.is_null() && !value.is_object()) {
            self.refuse(field, "not-an-object");
        }
    }

    /// A text, without the white space around it, of at most `most` characters; no control characters. None when not given.
    pub fn text(&mut self, field: &str, most: usize) -> Option<String> {
        let raw = self.verbatim(field)?;
        let text = raw.trim();
        match text {
            "" => None,
            _ if text.chars().any(char::is_control) => self.refused(field, "control-characters"),
            _ if text.chars().count() > most => self.refused(field, "too-long"),
            _ => Some(text.to_string()),
        }
    }

    /// A text of several lines, of at most `most` characters; other control characters than line ends and tabs are refused. None
    /// when not given.
    pub fn prose(&mut self, field: &str, most: usize) -> Option<String> {
        let raw = self.verbatim(field)?.replace("\r\n", "\n");
        let text = raw.trim();
        match text {
            "" => None,
            _ if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) => {
                self.refused(field, "control-characters")
            }
            _ if text.chars().count() > most => self.refused(field, "too-long"),
            _ => Some(text.to_string()),
        }
    }

    /// The same, and refused when it is not given.
    pub fn required_prose(&mut self, field: &str, most: usize) -> Option<String> {
        let text = self.prose(field, most);
        if text.is_none() {
            self.refuse(field, "required");
        }
        text
    }

    /// A line of text, and refused when it is not given.
    pub fn required_text(&mut self, field: &str, most: usize) -> Option<String> {
        let text = self.text(field, most);
        if text.is_none() {
            self.refuse(field, "required");
        }
        text
    }

    /// A text exactly as typed. None when not given.
    pub fn verbatim(&mut self, field: &str) -> Option<String> {
        match self.values.get(field) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => self.refused(field, "not-text"),
        }
    }

    /// A whole number between two bounds, as a number or as digits. None when not given.
    pub fn number(&mut self, field: &str, least: i64, most: i64) -> Option<i64> {
        let number = match self.values.get(field) {
            None | Some(Value::Null) => return None,
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(value) => value.as_i64(),
        };
        match number {
            Some(number) if (least..=most).contains(&number) => Some(number),
            _ => self.refused(field, "not-a-number"),
        }
    }

    /// A yes or a no; a form says yes with `true` or `on`. None when not given.
    pub fn flag(&mut self, field: &str) -> Option<bool> {
        match self.values.get(field) {
            None | Some(Value::Null) => None,
            Some(Value::Bool(flag)) => Some(*flag),
            Some(Value::String(text)) if matches!(text.as_str(), "true" | "on") => Some(true),
            Some(Value::String(text)) if text == "false" => Some(false),
            Some(_) => self.refused(field, "not-boolean"),
        }
    }

    /// A list of texts; a form gives them with commas between. None when not given.
    pub fn texts(&mut self, field: &str, most: usize) -> Option<Vec<String>> {
        let texts: Option<Vec<String>> = match self.values.get(field) {
            None | Some(Value::Null) => return None,
            Some(Value::Array(values)) => {
                values.iter().map(|one| one.as_str().map(|text| text.trim().to_string())).collect()
            }
            Some(Value::String(text)) => {
                Some(text.split(',').map(|one| one.trim().to_string()).filter(|one| !one.is_empty()).collect())
            }
            Some(_) => None,
        };
        match texts {
            Some(texts)
                if texts.len() <= 200
                    && texts.iter().all(|t| t.chars().count() <= most && !t.chars().any(char::is_control)) =>
            {
                Some(texts)
            }
            _ => self.refused(field, "not-a-list"),
        }
    }

    /// A list of flat objects whose values are texts, with no keys but these. None when not given or wrong.
    pub fn objects(&mut self, field: &str, keys: &[&str]) -> Option<Vec<BTreeMap<String, String>>> {
        let text = |(key, value): (&String, &Value)| {
            let value = value.as_str()?;
            (keys.contains(&key.as_str()) && value.len() <= 200).then(|| (key.clone(), value.to_string()))
        };
        let objects = match self.values.get(field) {
            None | Some(Value::Null) => return None,
            Some(Value::Array(list)) if list.len() <= 200 => {
                list.iter().map(|one| one.as_object()?.iter().map(text).collect()).collect()
            }
            Some(_) => None,
        };
        if objects.is_none() {
            self.refuse(field, "not-a-list");
        }
        objects
    }

    /// A text that `read` understands, else refused by the rule. None when not given.
    pub fn word<T>(&mut self, field: &str, rule: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(field, 200)?;
        match read(&text) {
            Some(word) => Some(word),
            None => self.refused(field, rule),
        }
    }

    /// An e-mail address of the form a@b.c. None when not given or wrong.
    pub fn email(&mut self, field: &str) -> Option<String> {
        self.word(field, "email", |text| is_email(text).then(|| text.to_string()))
    }

    /// A tax code, in the one form in which it is kept. None when not given or wrong.
    pub fn tax_code(&mut self, field: &str) -> Option<String> {
        let text = self.text(field, 40)?;
        match tax_code::read(&text) {
            Ok(code) => Some(code),
            Err(rule) => self.refused(field, rule),
        }
    }

    /// The value, when no field was wrong; else all the wrong ones.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<FieldError>> {
        match value {
            Some(value) if self.wrong.is_empty() => Ok(value),
            _ => Err(std::mem::take(&mut self.wrong)),
        }
    }

    fn refused<T>(&mut self, field: &str, rule: &'static str) -> Option<T> {
        self.refuse(field, rule);
        None
    }
}

/// What was typed may be a password.
impl Drop for Fields {
    fn drop(&mut self) {
        for value in self.values.values_mut() {
            if let Value::String(text) = value {
                text.zeroize();
            }
        }
    }
}

/// The names that stand before others in a form's field.
const GROUPS: [&str; 3] = ["imap", "smtp", "authorization"];

fn dotted(name: &str) -> String {
    match name.split_once('_') {
        Some((group, rest)) if GROUPS.contains(&group) => format!("{group}.{rest}"),
        _ => name.to_string(),
    }
}

/// A field's name in a form or in a file: `imap_host` for `imap.host`.
pub fn underscored(field: &str) -> String {
    field.replace('.', "_")
}

/// True for an address of the everyday form (RFC 5321, 4.1.2, without quoted local parts): local@domain.tld. One that no letter
/// can be written to is none.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let in_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    !local.is_empty()
        && local.len() <= 64
        && local.chars().all(in_local)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && is_host(domain)
        && text.parse::<lettre::Address>().is_ok()
}

/// True for a host's name or address as the wire has it (RFC 1123, 2.1); an IPv6 address stands bare.
pub fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    text.parse::<std::net::IpAddr>().is_ok() || (text.len() <= 253 && text.split('.').all(label))
}

#[cfg(test)]
mod tests;
