//! In charge of what the loads from a file have in common at a terminal: reading the file, saying what became of each line.
//! The report goes to standard output, a row for each line refused; all the rest to standard error.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::Args;
use zeroize::Zeroizing;

use super::refused;
use crate::app::Shared;
use crate::boot;
use crate::catalogue::{Catalogue, Value};
use crate::clock::Clock;
use crate::config::Settings;
use crate::input::{FieldError, underscored};
use crate::model::person::Language;
use crate::people::Refusal;
use crate::people::import::{Mode, Outcome};
use crate::sheet::{self, Column, Sheet};

/// A file to be loaded.
#[derive(Debug, Args)]
pub struct Import {
    /// CSV with a header row of the API's names, separated by `,` or `;`, in UTF-8 or Windows-1252
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// Say what would be refused; connect to nobody and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    /// Whether it is done or only tried.
    pub fn mode(&self) -> Mode {
        if self.dry_run { Mode::Trial } else { Mode::Load }
    }

    /// The file, and the program to load it into: one that is there, for a wrong folder is not a new installation.
    pub async fn open(&self, settings: Settings, columns: &[Column]) -> anyhow::Result<(Sheet, Shared)> {
        let sheet = self.read(columns)?;
        Ok((sheet, boot::existing_app(settings, Clock::Machine).await?))
    }

    fn read(&self, columns: &[Column]) -> anyhow::Result<Sheet> {
        let shown = self.file.display();
        // Room for all of it at once, so that no copy is left behind by growing.
        let mut bytes = Zeroizing::new(Vec::with_capacity(sheet::LARGEST + 2));
        std::fs::File::open(&self.file)
            .and_then(|file| file.take(sheet::LARGEST as u64 + 1).read_to_end(&mut bytes))
            .with_context(|| format!("{shown} cannot be read"))?;
        Sheet::read(bytes, columns, sheet::MOST_LINES).map_err(|fault| {
            let names = [("names", Value::from(fault.names.as_str()))];
            let key = format!("sheet-{}", fault.rule);
            anyhow!("{shown}: {}", Catalogue::embedded().text(Language::En, &key, &names))
        })
    }

    /// Says on standard error what became of a line.
    pub fn said(&self, outcome: &Outcome) {
        let word = match (&outcome.refusal, self.mode()) {
            (Some(_), _) => "refused",
            (None, Mode::Trial) => "would be accepted",
            (None, Mode::Load) => "loaded",
        };
        let name = if outcome.name.is_empty() { "-" } else { &outcome.name };
        eprintln!("line {}: {} {word}", outcome.number, sheet::harmless(name));
    }

    /// Writes the report. Success when no line was refused.
    pub fn report(self, sheet: &Sheet, outcomes: Vec<Outcome>) -> anyhow::Result<ExitCode> {
        let texts = Catalogue::embedded();
        let total = outcomes.len();
        let mut refused = 0;
        let mut report = csv::WriterBuilder::new().delimiter(sheet.separator()).from_writer(std::io::stdout().lock());
        for Outcome { number, name, refusal } in outcomes {
            if let Some(refusal) = refusal {
                refused += 1;
                let (fields, words) = words(&texts, refusal);
                let number = number.to_string();
                report.write_record([&number, &sheet::harmless(&name), &sheet::harmless(&fields), &words])?;
            }
        }
        report.flush()?;
        drop(report);
        let done = if self.dry_run { "would be accepted" } else { "loaded" };
        writeln!(std::io::stderr(), "{} of {total} lines {done}, {refused} refused", total - refused)?;
        Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// The wrong fields of a refusal, and its words.
fn words(texts: &Catalogue, refusal: Refusal) -> (String, String) {
    let Refusal::Invalid(wrong) = refusal else { return (String::new(), refused(refusal).to_string()) };
    let fields: Vec<String> = wrong.iter().map(|one| underscored(&one.field)).collect();
    let word = |one: &FieldError| texts.wrong_field(Language::En, one);
    let words: Vec<String> = match &wrong[..] {
        [one] => vec![word(one)],
        all => all.iter().zip(&fields).map(|(one, field)| format!("{field}: {}", word(one))).collect(),
    };
    (fields.join(", "), words.join(" "))
}
