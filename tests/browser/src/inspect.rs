//! In charge of what is asked of every page, whatever it shows (`ui.md` 8): no violation that axe finds, a silent console, no
//! sideways scroll, one `h1`, the language said. Does not know about Sportello's pages.

use serde_json::{Value, json};

use crate::browser::Browser;

/// axe-core 4.14.1; see `vendor/VENDOR.md`.
const AXE: &str = include_str!("../vendor/axe-core/axe.min.js");

/// WCAG 2.1 AA is what the law asks for (EN 301 549); 2.2 AA and good practice are ours.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// A wide screen, in CSS pixels.
pub const DESK: u32 = 1440;

/// A telephone.
pub const PHONE: u32 = 390;

/// To this a page enlarged four times must flow again (WCAG 1.4.10); asked of it is only that it does.
const NARROWEST: u32 = 320;

impl Browser {
    /// Asks everything of the page on screen, at a desk's width, a phone's and the narrowest, and fails with all that is wrong;
    /// `name` is for the words.
    pub async fn inspect(&self, name: &str, language: &str) {
        self.inspect_at(name, language, &[DESK, PHONE, NARROWEST]).await;
        self.resize(DESK).await;
    }

    /// The same at these widths only; stays at the last.
    pub async fn inspect_at(&self, name: &str, language: &str, widths: &[u32]) {
        let wrong = self.what_is_wrong(name, language, widths).await;
        assert!(wrong.is_empty(), "{name}:\n  {}", wrong.join("\n  "));
    }

    /// What is wrong with the page on screen at these widths, in words.
    pub async fn what_is_wrong(&self, name: &str, language: &str, widths: &[u32]) -> Vec<String> {
        let mut wrong = Vec::new();
        self.inject_axe().await;
        for &width in widths {
            self.resize(width).await;
            wrong.extend(self.sideways(width).await);
            if width != NARROWEST {
                wrong.extend(self.violations(name).await.into_iter().map(|one| format!("at {width}: {one}")));
            }
        }
        let headings = self.worth("document.querySelectorAll('h1').length").await;
        if headings != json!(1) {
            wrong.push(format!("{headings} h1"));
        }
        let said = self.worth("document.documentElement.lang").await;
        if said != json!(language) {
            wrong.push(format!("the page says that it is in {said}"));
        }
        wrong.extend(self.complaints().await);
        wrong
    }

    /// What the console complains of since it was last asked; a refusal of the content policy is there. That the page itself
    /// was answered with an error, as an error page is, is no complaint.
    pub async fn complaints(&self) -> Vec<String> {
        let page = self.worth("location.href").await;
        let own = format!("{} - Failed to load resource", page.as_str().unwrap_or_default());
        let lines = self.console().await.into_iter();
        let wrong = lines.filter(|(level, _, text)| level == "SEVERE" && !text.starts_with(&own));
        wrong.map(|(_, source, text)| format!("the console says ({source}): {text}")).collect()
    }

    async fn inject_axe(&self) {
        if self.worth("typeof window.axe").await == json!("undefined") {
            self.inject(AXE).await;
        }
    }

    async fn violations(&self, name: &str) -> Vec<String> {
        let script = "const done = arguments[1];
            axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}, resultTypes: ['violations', 'incomplete']})
               .then(done, (fault) => done({fault: String(fault)}));";
        let found = self.run(script, vec![json!(RULES)]).await;
        let Some(violations) = found["violations"].as_array() else { return vec![format!("axe did not run: {found}")] };
        for rule in found["incomplete"].as_array().into_iter().flatten() {
            println!(
                "{name}: axe cannot judge {}: {} places",
                rule["id"],
                rule["nodes"].as_array().map_or(0, Vec::len)
            );
        }
        violations.iter().flat_map(told).collect()
    }

    /// What is wider than the place it has: the page, or a box in it that scrolls. Lines kept as they were written may be.
    /// A chart in a box of its own may: it needs its two dimensions (WCAG 2.1, 1.4.10).
    async fn sideways(&self, width: u32) -> Option<String> {
        let boxes = "[...document.querySelectorAll('*')].filter((box) => box.scrollWidth > box.clientWidth
            && (box === document.documentElement || /auto|scroll/.test(getComputedStyle(box).overflowX))
            && !box.matches('pre, .sp-chartw[tabindex]')).map((box) => `<${box.localName} class=\"${box.className}\"> by ${box.scrollWidth - box.clientWidth}`)";
        let wide = self.worth(boxes).await;
        (wide != json!([])).then(|| format!("at {width}: scrolls sideways: {wide}"))
    }
}

/// A rule of axe's that is broken, place by place.
fn told(rule: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let places = rule["nodes"].as_array().cloned().unwrap_or_default();
    let place = |node: &Value| format!("{}: {}: {}", word(&rule["id"]), word(&rule["help"]), word(&node["html"]));
    places.iter().map(place).collect()
}
