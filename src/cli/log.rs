//! In charge of log lines: on standard error, as text or JSON, never with what libraries say of the mail they carry.

use std::io::IsTerminal;

use tracing::Metadata;
use tracing_subscriber::filter::{EnvFilter, FilterFn, LevelFilter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::config::LogFormat;

/// Libraries that trace raw input or statements: never below a warning, whatever `RUST_LOG` says (`tech.md` 4).
const CAPPED: [&str; 4] = ["rustls", "tokio_rustls", "sqlx", "hyper"];

/// Our own lines say what Rocket's would, without the raw paths of strangers.
const SILENT: &str = "rocket";

/// What Rocket's macros write inside our routes (a guard that sends a stranger to the log-in page) bears our module's name and
/// this end; what is wrong with a request our own lines say.
const INDENTED: &str = "::_";

/// Starts the log. `RUST_LOG` chooses the levels; without it, `info`.
pub fn start(format: LogFormat) {
    let chosen = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    let capped = FilterFn::new(is_told);
    let layer = match format {
        LogFormat::Json => fmt::layer().json().flatten_event(true).with_writer(std::io::stderr).boxed(),
        LogFormat::Text => fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr).boxed(),
    };
    tracing_subscriber::registry().with(layer.with_filter(chosen).with_filter(capped)).init();
}

fn is_told(event: &Metadata<'_>) -> bool {
    let library = event.target().split("::").next().unwrap_or_default();
    match library {
        SILENT => false,
        _ if event.target().ends_with(INDENTED) => *event.level() == tracing::Level::ERROR,
        _ if CAPPED.contains(&library) => *event.level() <= tracing::Level::WARN,
        _ => true,
    }
}
