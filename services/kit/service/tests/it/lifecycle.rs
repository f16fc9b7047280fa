//! From listening to the exit code.

use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use kit_service::{Ending, Listener};
use kit_values::{Class, Fault};
use tokio_util::sync::CancellationToken;

use crate::{block_on, process};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_request_in_flight_is_finished_before_the_process_ends() {
    block_on(async {
        let (runtime, _) = process();
        let slow = || async {
            tokio::time::sleep(SECOND / 2).await;
            "done"
        };
        let router = Router::new().route("/slow", get(slow));
        let address = kit_service::http::serve(&runtime, "test", &Listener::loopback(), router)
            .await
            .expect("listens");
        let request = reqwest::get(format!("http://{address}/slow"));
        let stop = async {
            tokio::time::sleep(SECOND / 10).await;
            runtime.stop.cancel();
            runtime.run(5 * SECOND).await.expect("ends")
        };
        let (response, ending) = tokio::join!(request, stop);
        assert_eq!(response.expect("answers").text().await.expect("a text"), "done");
        assert_eq!(ending, Ending::Drained);
        assert!(reqwest::get(format!("http://{address}/slow")).await.is_err(), "still listening");
    });
}

#[test]
fn a_process_says_that_it_is_not_ready_for_as_long_as_it_drains() {
    block_on(async {
        let (runtime, _) = process();
        let address =
            kit_service::operations::serve(&runtime, &Listener::loopback()).await.expect("listens");
        let probe = async |path: &str| {
            let answer = reqwest::get(format!("http://{address}/{path}")).await.expect("answers");
            answer.status().as_u16()
        };
        let rest = CancellationToken::new();
        let lasting = runtime.until(rest.clone());
        runtime.tasks.spawn("drains", async move {
            lasting.stop.cancelled().await;
            Ok(())
        });
        assert_eq!(probe("readyz").await, 200);
        runtime.stop.cancel();
        let ending = async {
            assert_eq!((probe("readyz").await, probe("livez").await), (503, 200));
            rest.cancel();
        };
        let (ended, ()) = tokio::join!(runtime.run(5 * SECOND), ending);
        // Nothing waits for the listener itself.
        assert_eq!(ended.expect("ends"), Ending::Drained);
    });
}

#[test]
fn a_task_that_ignores_the_stop_makes_the_end_overdue() {
    block_on(async {
        let (runtime, _) = process();
        runtime.tasks.spawn("deaf", std::future::pending());
        runtime.stop.cancel();
        let began = Instant::now();
        assert_eq!(runtime.run(SECOND / 5).await.expect("ends"), Ending::Overdue);
        assert!(began.elapsed() < 3 * SECOND);
    });
}

#[test]
fn the_death_of_a_task_stops_the_others_and_shows_in_the_exit_code() {
    block_on(async {
        let (runtime, _) = process();
        let stop = runtime.stop.clone();
        runtime.tasks.spawn("patient", async move {
            stop.cancelled().await;
            Ok(())
        });
        runtime.tasks.spawn("broken", async { Err(Fault::internal("on purpose")) });
        let ending = runtime.run(5 * SECOND).await.expect("ends");
        assert_eq!(ending, Ending::Died("broken"));
        assert_eq!(
            format!("{:?}", ending.exit_code()),
            format!("{:?}", std::process::ExitCode::from(1))
        );
    });
}

#[test]
fn a_port_in_use_is_refused_with_what_to_do_and_a_reserved_one_is_taken_over() {
    block_on(async {
        let (runtime, _) = process();
        let address = runtime.reserve(&Listener::loopback()).expect("reserves");
        let listener = Listener { address };
        let again = runtime.reserve(&listener).expect_err("taken");
        assert_eq!((again.class(), again.code()), (Class::Unavailable, "cannot_listen"));
        assert!(again.sentence().contains(&format!("Port {}", address.port())), "{again}");
        let served = kit_service::http::serve(&runtime, "test", &listener, Router::new())
            .await
            .expect("takes the reserved socket over");
        assert_eq!(served, address);
        let other = process().0.bind(&listener).await.expect_err("in use");
        assert!(other.sentence().contains("in use by another program"), "{other}");
    });
}
