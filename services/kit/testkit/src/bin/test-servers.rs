//! `test-servers stop` stops the servers that tests have left running; `tests/run` calls it at
//! its end.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("stop") {
        kit_testkit::stop_shared();
        return ExitCode::SUCCESS;
    }
    eprintln!("usage: test-servers stop");
    ExitCode::FAILURE
}
