//! What is counted: never whose it was.

use std::time::Duration;

use metrics::{counter, gauge, histogram};

/// A socket came; whether it was told what it missed.
pub fn socket_opened(resumed: bool) {
    let outcome = if resumed { "resumed" } else { "reset" };
    counter!("gateway_sockets_opened_total", "outcome" => outcome).increment(1);
    gauge!("gateway_sockets").increment(1.0);
}

/// A socket went, with this close code.
pub fn socket_closed(code: u16) {
    counter!("gateway_sockets_closed_total", "code" => code.to_string()).increment(1);
    gauge!("gateway_sockets").decrement(1.0);
}

/// A round was looked up.
pub fn looked_up(rows: usize, took: Duration) {
    // Rows of one round are few: exact.
    let rows = u32::try_from(rows).unwrap_or(u32::MAX);
    histogram!("gateway_round_rows").record(f64::from(rows));
    histogram!("gateway_round_seconds").record(took.as_secs_f64());
}

/// An event of a stream could not be read.
pub fn left_out() {
    counter!("gateway_events_left_out_total").increment(1);
}

/// Routing was told of sessions, or could not be.
pub fn reported(arrived: bool) {
    let outcome = if arrived { "arrived" } else { "lost" };
    counter!("gateway_session_reports_total", "outcome" => outcome).increment(1);
}
