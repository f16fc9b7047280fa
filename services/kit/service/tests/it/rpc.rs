//! Calls between services.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kit_service::class::CLASSES;
use kit_service::rpc::Client;
use kit_service::{Caller, Listener, Peer, Runtime, rpc};
use kit_values::{Class, Fault, OrganizationId};
use proptest::prelude::*;
use tonic::service::Routes;
use tonic_health::pb::health_check_response::ServingStatus;

use crate::echo::{Echo, call};
use crate::{block_on, process, two_services};

const SECOND: Duration = Duration::from_secs(1);

async fn served(runtime: &Runtime, echo: Echo) -> Peer {
    let address = rpc::serve(runtime, &Listener::loopback(), "directory", Routes::new(echo))
        .await
        .expect("listens");
    Peer::from(address)
}

fn who() -> Echo {
    Echo::new(|caller, _| {
        caller.require_service(&["gateway"])?;
        Ok(format!("{} {}", caller.service, caller.organization()?))
    })
}

#[test]
fn a_signed_call_tells_the_service_who_calls_and_for_whom() {
    block_on(async {
        let (runtime, gateway) = process();
        let peer = served(&runtime, who()).await;
        let channel = Client::connect(&peer, gateway, "directory").expect("connects");
        let organization = OrganizationId::mint();
        let caller = Caller::for_organization(organization);
        let answer = call(&channel, &caller, "", SECOND).await.expect("answers");
        assert_eq!(answer, format!("gateway {organization}"));
        let fault = call(&channel, &Caller::installation(), "", SECOND).await.expect_err("refused");
        assert_eq!((fault.class(), fault.code()), (Class::Forbidden, "organization_missing"));
    });
}

#[test]
fn a_call_of_a_stranger_or_for_another_service_is_refused() {
    block_on(async {
        let (runtime, gateway) = process();
        let peer = served(&runtime, who()).await;
        let (stranger, _) = two_services();
        for (identity, audience) in [(stranger, "directory"), (gateway, "conversation")] {
            let channel = Client::connect(&peer, identity, audience).expect("connects");
            let fault =
                call(&channel, &Caller::for_organization(OrganizationId::mint()), "", SECOND)
                    .await
                    .expect_err("refused");
            assert_eq!((fault.class(), fault.code()), (Class::Unauthenticated, "token_refused"));
        }
    });
}

#[test]
fn a_call_without_a_token_is_refused_but_health_is_open() {
    block_on(async {
        let (runtime, _) = process();
        let flag = runtime.health.register("reader");
        let peer = served(&runtime, who()).await;
        let bare = tonic::transport::Endpoint::from_shared(peer.url())
            .expect("an address")
            .connect()
            .await
            .expect("connects");
        let mut client = tonic::client::Grpc::new(bare.clone());
        client.ready().await.expect("ready");
        let path = axum::http::uri::PathAndQuery::from_static("/test.Echo/Say");
        let codec = tonic_prost::ProstCodec::<String, String>::default();
        let status = client
            .unary(tonic::Request::new(String::new()), path, codec)
            .await
            .expect_err("refused");
        assert_eq!(status.code(), tonic::Code::Unauthenticated);

        let mut health = tonic_health::pb::health_client::HealthClient::new(bare);
        let mut serving = async || {
            let request = tonic_health::pb::HealthCheckRequest::default();
            health.check(request).await.expect("answers").into_inner().status()
        };
        assert_eq!(serving().await, ServingStatus::NotServing, "a part is starting");
        flag.set_ready();
        let began = Instant::now();
        while serving().await != ServingStatus::Serving {
            assert!(began.elapsed() < 5 * SECOND, "never serving");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
}

#[test]
fn a_call_ends_at_its_deadline_and_a_peer_that_is_away_is_unavailable() {
    block_on(async {
        let (runtime, gateway) = process();
        let peer = served(&runtime, who()).await;
        let channel = Client::connect(&peer, gateway.clone(), "directory").expect("connects");
        let caller = Caller::for_organization(OrganizationId::mint());
        let began = Instant::now();
        let fault = call(&channel, &caller, "slow", SECOND / 10).await.expect_err("too slow");
        assert_eq!(fault.class(), Class::Timeout);
        assert!(began.elapsed() < 3 * SECOND);

        let nobody = Peer { address: "127.0.0.1:1".into() };
        let channel = Client::connect(&nobody, gateway, "directory").expect("an address");
        let fault = call(&channel, &caller, "", SECOND).await.expect_err("nobody there");
        assert_eq!(fault.class(), Class::Unavailable);
    });
}

/// What a fault shows.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    class: Class,
    code: &'static str,
    sentence: String,
    field: Option<String>,
    wait: Option<Duration>,
}

impl Shown {
    fn of(fault: &Fault) -> Self {
        Self {
            class: fault.class(),
            code: fault.code(),
            sentence: fault.sentence().to_owned(),
            field: fault.field().map(ToOwned::to_owned),
            wait: fault.wait(),
        }
    }

    fn fault(&self) -> Fault {
        let fault = match &self.field {
            Some(field) => Fault::invalid(self.code, field.clone(), self.sentence.clone()),
            None => Fault::new(self.class, self.code, self.sentence.clone()),
        };
        match self.wait {
            Some(wait) => fault.retry_after(wait),
            None => fault,
        }
    }
}

prop_compose! {
    fn any_fault()(
        class in proptest::sample::select(CLASSES.to_vec()),
        code in proptest::sample::select(vec!["not_found", "text_too_long", "x"]),
        sentence in "\\PC{0,80}",
        field in proptest::option::of("\\PC{1,40}"),
        wait in proptest::option::of(0_u64..10_000_000_000_000),
    ) -> Shown {
        let field = field.filter(|_| class == Class::Invalid);
        Shown { class, code, sentence, field, wait: wait.map(Duration::from_nanos) }
    }
}

#[test]
fn a_fault_arrives_as_it_left() {
    block_on(async {
        let (runtime, gateway) = process();
        let next: Arc<Mutex<Option<Shown>>> = Arc::default();
        let given = next.clone();
        let echo = Echo::new(move |_, _| {
            Err(given.lock().expect("not poisoned").as_ref().expect("a fault is set").fault())
        });
        let peer = served(&runtime, echo).await;
        let channel = Client::connect(&peer, gateway, "directory").expect("connects");
        let handle = tokio::runtime::Handle::current();
        let mut runner = proptest::test_runner::TestRunner::default();
        tokio::task::block_in_place(|| {
            runner
                .run(&any_fault(), |shown| {
                    *next.lock().expect("not poisoned") = Some(shown.clone());
                    let answer =
                        handle.block_on(call(&channel, &Caller::installation(), "", 5 * SECOND));
                    let fault = answer.expect_err("always a fault");
                    prop_assert_eq!(Shown::of(&fault), shown);
                    Ok(())
                })
                .expect("the property holds");
        });
    });
}
