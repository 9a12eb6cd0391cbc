//! In charge of the command `doctor`: one line for each thing looked at, on standard output.

use std::process::ExitCode;

use crate::boot::doctor::{self, Mark};
use crate::config::Settings;

/// Looks at the installation; fails when anything does.
pub async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    let say = |(mark, what, words): doctor::Finding| {
        if mark == Mark::Fail {
            code = ExitCode::FAILURE;
        }
        print(mark, &what, &words);
    };
    doctor::examine(&settings, say).await;
    Ok(code)
}

/// Settings that cannot be read are a finding too, and the last one.
pub fn wrong_settings(fault: &anyhow::Error) -> ExitCode {
    print(Mark::Fail, "settings", &format!("{fault:#}"));
    ExitCode::FAILURE
}

fn print(mark: Mark, what: &str, words: &str) {
    let mark = match mark {
        Mark::Ok => "ok  ",
        Mark::Fail => "FAIL",
        Mark::Absent => "--  ",
    };
    println!("{mark} {what}: {}", words.replace(char::is_control, " "));
}
