//! In charge of the pages of requests: the requester's portal, `/richieste`, and the operator's workspace, `/operatore`. Here is
//! what both show alike.

use crate::catalogue::Value as Word;
use crate::model::person::Language;
use crate::model::ticket::Event;
use crate::web::Site;

/// What changed, in words: the verb's own, with old, new and why.
pub fn event_words(site: &Site, language: Language, event: &Event) -> String {
    let word = |value: &str| {
        let key = match event.what.as_str() {
            "severity" => format!("severity-{value}"),
            "area" => format!("area-{value}"),
            "kind" => format!("ticket-kind-{}", value.replace('_', "-")),
            _ => return value.to_string(),
        };
        if value.is_empty() { String::new() } else { site.templates.text(language, &key, &[]) }
    };
    let values = [
        ("old", Word::Text(word(&event.old))),
        ("new", Word::Text(word(&event.new))),
        ("why", Word::Text(event.why.clone())),
    ];
    site.templates.text(language, &format!("ticket-event-{}", event.what), &values)
}
