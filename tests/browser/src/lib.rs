//! In charge of a real browser for the tests: headless Chromium, driven through chromedriver (`tech.md` 5), and of what is
//! asked of every page. Does not know about Sportello's pages: see `tests/`.

pub mod browser;
mod driver;
pub mod inspect;

pub use browser::Browser;
pub use driver::Options;
