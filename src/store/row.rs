//! In charge of reading a row's columns into our words. A word that the schema does not allow is a decoding fault, not a panic.

use sqlx::any::AnyRow;
use sqlx::{ColumnIndex, Decode, Row, Type};

use super::Result;
use crate::clock::Moment;
use crate::model::request_field::FieldAnswer;

/// A column as it is.
pub(super) fn get<'r, T>(row: &'r AnyRow, column: &str) -> Result<T>
where
    T: Decode<'r, sqlx::Any> + Type<sqlx::Any>,
    for<'i> &'i str: ColumnIndex<AnyRow>,
{
    row.try_get(column)
}

/// A text column.
pub(super) fn text(row: &AnyRow, column: &str) -> Result<String> {
    get(row, column)
}

/// A flag column, 0 or 1.
pub(super) fn flag(row: &AnyRow, column: &str) -> Result<bool> {
    get::<i64>(row, column).map(|number| number != 0)
}

/// A moment column.
pub(super) fn moment(row: &AnyRow, column: &str) -> Result<Moment> {
    get(row, column).map(Moment)
}

/// A moment column that may be empty.
pub(super) fn moment_or_none(row: &AnyRow, column: &str) -> Result<Option<Moment>> {
    get::<Option<i64>>(row, column).map(|at| at.map(Moment))
}

/// A column that holds one of our words.
pub(super) fn word<T>(row: &AnyRow, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = get(row, column)?;
    read(&text).ok_or_else(|| unknown_word(column, &text))
}

/// A column that holds a JSON list of our words.
pub(super) fn words<T>(row: &AnyRow, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>> {
    let text: String = get(row, column)?;
    let words: Vec<String> = serde_json::from_str(&text).map_err(|_| unknown_word(column, &text))?;
    words.iter().map(|word| read(word).ok_or_else(|| unknown_word(column, word))).collect()
}

/// The JSON list that `words` reads.
pub(super) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    serde_json::Value::from_iter(words).to_string()
}

/// The column `fields`: what was answered to the fields of a form.
pub(super) fn answers(row: &AnyRow) -> Result<Vec<FieldAnswer>> {
    let text: String = get(row, "fields")?;
    serde_json::from_str(&text).map_err(|_| unknown_word("fields", &text))
}

/// The JSON that `answers` reads.
pub(super) fn answers_json(answers: &[FieldAnswer]) -> Result<String> {
    serde_json::to_string(answers).map_err(|fault| sqlx::Error::Encode(fault.into()))
}

fn unknown_word(column: &str, word: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.into(), source: format!("«{word}» is not a word of this column").into()
    }
}
