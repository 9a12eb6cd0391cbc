//! In charge of the words on screen: one Fluent file for each language, carried inside the binary. Does not know pages.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::input::FieldError;
use crate::model::person::Language;

/// The files, by language.
pub const FILES: [(Language, &str); 2] = [
    (Language::It, include_str!("../templates/text/it.ftl")),
    (Language::En, include_str!("../templates/text/en.ftl")),
];

/// A value that stands inside a text.
#[derive(Debug, Clone)]
pub enum Value {
    Text(String),
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number)
    }
}

/// Every text in every language.
pub struct Catalogue {
    bundles: Vec<(Language, FluentBundle<FluentResource>)>,
}

impl Catalogue {
    /// The texts built into the program, read once.
    pub fn shared() -> &'static Catalogue {
        static SHARED: LazyLock<Catalogue> = LazyLock::new(Catalogue::embedded);
        &SHARED
    }

    /// The catalogue inside the binary.
    pub fn embedded() -> Catalogue {
        Catalogue::of(FILES.iter().map(|(language, source)| (*language, source.to_string())))
    }

    /// A catalogue of these files; an entry that cannot be read is left out, and shows as its key.
    pub fn of(files: impl IntoIterator<Item = (Language, String)>) -> Catalogue {
        let bundle = |(language, source): (Language, String)| {
            let id: Vec<unic_langid::LanguageIdentifier> = language.as_str().parse().into_iter().collect();
            let mut bundle = FluentBundle::new_concurrent(id);
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(match language {
                Language::It => with_dots,
                Language::En => with_commas,
            }));
            let resource = FluentResource::try_new(source).unwrap_or_else(|(partial, _)| partial);
            bundle.add_resource_overriding(resource);
            (language, bundle)
        };
        Catalogue { bundles: files.into_iter().map(bundle).collect() }
    }

    /// A text in a language; its key when there is none.
    pub fn text(&self, language: Language, key: &str, values: &[(&str, Value)]) -> String {
        let Some((_, bundle)) = self.bundles.iter().find(|(known, _)| *known == language) else { return key.into() };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { return key.into() };
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            match value {
                Value::Text(text) => arguments.set(*name, FluentValue::from(text.as_str())),
                Value::Number(number) => arguments.set(*name, FluentValue::from(*number)),
            }
        }
        bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// The words for a wrong field: its own when a required one has them, else the rule's.
    pub fn wrong_field(&self, language: Language, error: &FieldError) -> String {
        let own = format!("required-{}", error.field.replace(['.', '_'], "-"));
        match error.rule {
            "required" if self.has(language, &own) => self.text(language, &own, &[]),
            rule => self.text(language, &format!("invalid-{rule}"), &[("about", error.about.as_str().into())]),
        }
    }

    /// True when a language has a text of this key.
    pub fn has(&self, language: Language, key: &str) -> bool {
        self.bundles.iter().any(|(known, bundle)| *known == language && bundle.has_message(key))
    }
}

/// A number inside an Italian text: `1.087`.
fn with_dots<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    grouped(value, true)
}

/// A number inside an English text: `1,087`.
fn with_commas<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    grouped(value, false)
}

fn grouped(value: &FluentValue<'_>, dot: bool) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(crate::text::number(number.value as i64, dot)),
        _ => None,
    }
}
