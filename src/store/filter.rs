//! In charge of conditions that vary: a WHERE whose values are numbered `$n` for both databases. sqlx's own builder
//! writes `?`, which PostgreSQL does not know.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe};

/// A value bound to a condition.
#[derive(Debug, Clone)]
pub(super) enum Bound {
    Text(String),
    Number(i64),
}

impl From<&str> for Bound {
    /// PostgreSQL has no U+0000 in a text: a text with one is like no text there is.
    fn from(text: &str) -> Bound {
        Bound::Text(text.replace('\0', "\u{fffd}"))
    }
}

impl From<String> for Bound {
    fn from(text: String) -> Bound {
        text.as_str().into()
    }
}

impl From<i64> for Bound {
    fn from(number: i64) -> Bound {
        Bound::Number(number)
    }
}

/// Conditions joined by AND, and their values in order.
#[derive(Debug, Default, Clone)]
pub(super) struct Filter {
    conditions: Vec<String>,
    bound: Vec<Bound>,
}

impl Filter {
    /// Adds a condition written with `?` for each value; the text must come from this program, never from a person.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Bound>) -> &mut Filter {
        let mut numbered = String::new();
        let mut values = values.into_iter();
        for c in condition.chars() {
            match (c, c == '?') {
                (_, true) => {
                    self.bound.extend(values.next());
                    numbered.push_str(&format!("${}", self.bound.len()));
                }
                (c, _) => numbered.push(c),
            }
        }
        self.conditions.push(numbered);
        self
    }

    /// Binds values that stand before the conditions, and returns their numbers: `$1, $2`.
    pub(super) fn bind(&mut self, values: impl IntoIterator<Item = Bound>) -> String {
        let marks = values.into_iter().map(|value| {
            self.bound.push(value);
            format!("${}", self.bound.len())
        });
        marks.collect::<Vec<_>>().join(", ")
    }

    /// Adds `column IN (…)`; no value at all matches nothing.
    pub(super) fn and_in(&mut self, column: &str, values: impl IntoIterator<Item = Bound>) -> &mut Filter {
        self.and_list(&format!("{column} IN (?)"), values)
    }

    /// Adds a condition in which `(?)` stands for a list of values; no value at all matches nothing. The last value is repeated
    /// up to a power of two: lists of many lengths make few statements to prepare.
    pub(super) fn and_list(&mut self, condition: &str, values: impl IntoIterator<Item = Bound>) -> &mut Filter {
        let mut values: Vec<Bound> = values.into_iter().collect();
        let Some(last) = values.last().cloned() else { return self.and("1 = 0", []) };
        values.resize(values.len().next_power_of_two(), last);
        let marks = format!("({})", vec!["?"; values.len()].join(", "));
        self.and(&condition.replace("(?)", &marks), values)
    }

    /// Adds `(one IN (…) OR other IN (…))`; no value at all matches nothing.
    pub(super) fn and_in_any<const N: usize>(&mut self, lists: [(&str, Vec<Bound>); N]) -> &mut Filter {
        let (mut conditions, mut all) = (Vec::new(), Vec::new());
        for (column, mut values) in lists {
            let Some(last) = values.last().cloned() else { continue };
            values.resize(values.len().next_power_of_two(), last);
            conditions.push(format!("{column} IN ({})", vec!["?"; values.len()].join(", ")));
            all.append(&mut values);
        }
        if conditions.is_empty() {
            return self.and("1 = 0", []);
        }
        self.and(&format!("({})", conditions.join(" OR ")), all)
    }

    /// Puts one condition, which holds this filter's own text, in place of all: its values stay bound.
    pub(super) fn instead(&mut self, condition: &str) {
        self.conditions = vec![condition.to_string()];
    }

    /// ` WHERE …`, or nothing; conditions that come after it belong to another part of the same statement.
    pub(super) fn part(&mut self) -> String {
        let part = self.sql();
        self.conditions.clear();
        part
    }

    /// ` WHERE …`, or nothing.
    pub(super) fn sql(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!(" WHERE {}", self.conditions.join(" AND ")) }
    }

    /// The statement with its values bound. `sql` must hold this filter's own text.
    pub(super) fn query(&self, sql: String) -> Query<'static, Any, AnyArguments> {
        self.bound.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, value| match value {
            Bound::Text(text) => query.bind(text.clone()),
            Bound::Number(number) => query.bind(*number),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_in_order() {
        let mut filter = Filter::default();
        assert_eq!(filter.sql(), "");
        filter
            .and("a = ?", ["x".into()])
            .and("(b, c) > (?, ?)", [1.into(), "y".into()])
            .and_in("d", [2.into(), 3.into(), 4.into()]);
        assert_eq!(filter.sql(), " WHERE a = $1 AND (b, c) > ($2, $3) AND d IN ($4, $5, $6, $7)");
        assert_eq!(filter.bound.len(), 7);
        assert_eq!(Filter::default().and_in("d", []).sql(), " WHERE 1 = 0");
        let mut either = Filter::default();
        either.and_in_any([("a", vec!["x".into(), "y".into()]), ("b", vec![]), ("c", vec![1.into()])]);
        assert_eq!(either.sql(), " WHERE (a IN ($1, $2) OR c IN ($3))");
        assert_eq!(Filter::default().and_in_any([("a", vec![])]).sql(), " WHERE 1 = 0");
    }
}
