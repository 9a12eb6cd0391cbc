//! In charge of the words for fields that the form of an area asks for beside what it asks of everybody (K17), and for what is
//! answered there.

use crate::model::id::RequestFieldId;
use crate::model::organization::Area;
use crate::model::person::Language;

super::ticket::words! {
    /// What a field takes.
    #[derive(serde::Deserialize)]
    #[schema(as = RequestFieldKind)]
    FieldKind {
        Text = "text",
        LongText = "long_text",
        /// One of its options.
        Choice = "choice",
        /// `2026-11-30`.
        Date = "date",
        /// `true` or `false`.
        YesNo = "yes_no",
    }
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestField {
    pub id: RequestFieldId,
    pub area: Area,
    pub label: String,
    /// For readers of English, who else have the other.
    pub label_en: Option<String>,
    pub kind: FieldKind,
    /// What may be chosen; empty for all but a choice.
    pub options: Vec<String>,
    /// Whether who asks must answer.
    pub required: bool,
    pub help: Option<String>,
    /// The lowest stands first.
    pub position: i64,
    pub active: bool,
}

/// What was answered, with the field as it then was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FieldAnswer {
    pub id: String,
    pub label: String,
    #[serde(default)]
    pub label_en: Option<String>,
    pub kind: FieldKind,
    pub value: String,
}

/// The label that is read in a language.
fn label_in<'l>(language: Language, label: &'l str, label_en: Option<&'l str>) -> &'l str {
    match language {
        Language::It => label,
        Language::En => label_en.unwrap_or(label),
    }
}

impl RequestField {
    /// Its label in a language.
    pub fn label_in(&self, language: Language) -> &str {
        label_in(language, &self.label, self.label_en.as_deref())
    }
}

impl FieldAnswer {
    /// The label of its field, in a language.
    pub fn label_in(&self, language: Language) -> &str {
        label_in(language, &self.label, self.label_en.as_deref())
    }
}
