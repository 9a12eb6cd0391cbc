//! In charge of handing the command line over to `cli`.

fn main() -> std::process::ExitCode {
    sportello::cli::main()
}
