//! The program: arguments, printing, exit codes (0 done, 1 the data are wrong, 2 could not run).

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
