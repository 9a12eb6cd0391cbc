//! In charge of lists that go on: a page of things and where the next one begins. Keyset, never an offset.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where a list goes on: the sorting values of the last thing shown. Opaque outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub Vec<String>);

impl Cursor {
    /// The opaque text of it.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::Value::from(self.0.clone()).to_string())
    }

    /// Reads what `encode` wrote; None for anything else.
    pub fn decode(text: &str) -> Option<Cursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice(&bytes).ok().map(Cursor)
    }

    /// The value at a place, as text.
    pub fn text(&self, place: usize) -> Option<&str> {
        self.0.get(place).map(String::as_str)
    }

    /// The value at a place, as a number.
    pub fn number(&self, place: usize) -> Option<i64> {
        self.text(place)?.parse().ok()
    }
}

/// How much of a list is asked for, and from where.
#[derive(Debug, Clone)]
pub struct Window {
    pub limit: usize,
    pub after: Option<Cursor>,
}

impl Window {
    /// From the beginning.
    pub fn first(limit: usize) -> Window {
        Window { limit, after: None }
    }

    /// Statements ask for one more than is shown: it tells whether the list goes on.
    pub fn ask(&self) -> i64 {
        self.limit as i64 + 1
    }
}

/// A part of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Cuts the one too many; `key` gives the sorting values of the last thing kept.
    pub fn cut(mut items: Vec<T>, window: &Window, key: impl Fn(&T) -> Vec<String>) -> Page<T> {
        let goes_on = items.len() > window.limit;
        items.truncate(window.limit);
        let next = items.last().filter(|_| goes_on).map(|last| Cursor(key(last)));
        Page { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_out_and_back() {
        let cursor = Cursor(vec!["unità".into(), "7".into()]);
        let again = Cursor::decode(&cursor.encode()).unwrap();
        assert_eq!((again.text(0), again.number(1), again.number(0)), (Some("unità"), Some(7), None));
        for bad in ["", "§", "bm90IGpzb24"] {
            assert!(Cursor::decode(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_page_tells_whether_the_list_goes_on() {
        let window = Window::first(2);
        let page = Page::cut(vec![1, 2, 3], &window, |n| vec![n.to_string()]);
        assert_eq!((page.items, page.next), (vec![1, 2], Some(Cursor(vec!["2".into()]))));
        assert_eq!(Page::cut(vec![1, 2], &window, |n| vec![n.to_string()]).next, None);
    }
}
