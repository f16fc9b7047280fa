//! What a person or a script reads: standard output for results, standard error for the rest.

use std::io::Write as _;

use kit_service::class;
use kit_values::Fault;

/// Writes one line to standard output. A reader that went away is not our failure.
pub fn line(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout().lock(), "{}", text.as_ref());
}

/// Writes bytes to standard output as they are.
pub fn bytes(content: &[u8]) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(content).and_then(|()| output.flush());
}

/// Writes one line to standard error.
pub fn note(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
}

/// Says why the verb failed, with the cause for whoever has to find it.
pub fn refusal(fault: &Fault) {
    note(format!("guichet: {}", fault.sentence()));
    let causes = class::causes(fault);
    if !causes.is_empty() {
        note(format!("  cause: {causes}"));
    }
}

/// Rows as a table whose columns are as wide as their widest cell.
pub fn table(header: &[&str], rows: &[Vec<String>]) {
    let mut widths: Vec<usize> = header.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let print = |cells: Vec<&str>| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.chars().count())))
            .collect();
        line(padded.join("  ").trim_end());
    };
    print(header.to_vec());
    for row in rows {
        print(row.iter().map(String::as_str).collect());
    }
}
