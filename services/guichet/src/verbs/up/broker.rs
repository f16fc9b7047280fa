//! The broker's users: each service may make and use exactly its own stream and its own
//! consumers.

#[cfg(test)]
mod deployed;

use kit_service::servers::NatsUser;
use kit_values::Secret;

use super::secrets::Secrets;
use crate::services::{ALL, Service};

/// What gateways tell each other outside any stream.
const LIVE: &str = "guichet.live.>";

/// The users of the private broker.
pub fn users(secrets: &Secrets) -> Vec<NatsUser> {
    ALL.into_iter()
        .filter_map(|service| {
            let password = secrets.broker.get(service.name())?;
            Some(user(service, Secret::new(password.clone())))
        })
        .collect()
}

/// What a service does on the broker.
struct Rights {
    /// The stream that it alone fills.
    stream: Option<&'static str>,
    /// Its durable consumers, each with its stream.
    durables: &'static [(&'static str, &'static str)],
    /// Streams that it follows without keeping a place.
    follows: &'static [&'static str],
}

const fn rights(service: Service) -> Rights {
    match service {
        Service::Directory => Rights { stream: Some("DIRECTORY"), durables: &[], follows: &[] },
        Service::Ingest => Rights {
            stream: Some("INGEST"),
            durables: &[("DIRECTORY", "ingest-routes"), ("DELIVERY", "ingest-authors")],
            follows: &[],
        },
        Service::Conversation => Rights {
            stream: Some("CONVERSATION"),
            durables: &[
                ("INGEST", "conversation-inbound-x"),
                ("INGEST", "conversation-inbound-facebook"),
                ("DELIVERY", "conversation-delivery"),
                ("ROUTING", "conversation-owners"),
                ("DIRECTORY", "conversation-channels"),
            ],
            follows: &[],
        },
        Service::Routing => Rights {
            stream: Some("ROUTING"),
            durables: &[("CONVERSATION", "routing-conversations"), ("DIRECTORY", "routing-people")],
            follows: &[],
        },
        Service::Delivery => Rights {
            stream: Some("DELIVERY"),
            durables: &[
                ("CONVERSATION", "delivery-replies"),
                ("INGEST", "delivery-echoes-x"),
                ("INGEST", "delivery-echoes-facebook"),
                ("INGEST", "delivery-authors"),
                ("DIRECTORY", "delivery-channels"),
            ],
            follows: &[],
        },
        Service::Notification => Rights {
            stream: Some("NOTIFICATION"),
            durables: &[
                ("CONVERSATION", "notification-conversations"),
                ("ROUTING", "notification-owners"),
                ("DELIVERY", "notification-replies"),
                ("DIRECTORY", "notification-people"),
            ],
            follows: &[],
        },
        Service::Gateway => Rights {
            stream: None,
            durables: &[],
            follows: &["CONVERSATION", "DIRECTORY", "ROUTING", "NOTIFICATION"],
        },
        Service::LinkShortener | Service::Playground => {
            Rights { stream: None, durables: &[], follows: &[] }
        }
    }
}

fn user(service: Service, password: Secret<String>) -> NatsUser {
    let name = service.name();
    let rights = rights(service);
    let mut publish = vec!["$JS.API.INFO".to_owned()];
    let mut refused = Vec::new();
    if let Some(stream) = rights.stream {
        publish.push(format!("guichet.{name}.>"));
        for verb in ["CREATE", "UPDATE", "INFO", "MSG.GET"] {
            publish.push(format!("$JS.API.STREAM.{verb}.{stream}"));
        }
        // The relay reads how far each declared reader has come.
        publish.push(format!("$JS.API.CONSUMER.INFO.{stream}.*"));
    }
    for (stream, durable) in rights.durables {
        publish.push(format!("$JS.API.STREAM.INFO.{stream}"));
        for verb in ["CREATE", "INFO", "DELETE", "MSG.NEXT"] {
            publish.push(format!("$JS.API.CONSUMER.{verb}.{stream}.{durable}"));
        }
        publish.push(format!("$JS.API.CONSUMER.CREATE.{stream}.{durable}.>"));
        publish.push(format!("$JS.ACK.{stream}.{durable}.>"));
    }
    for stream in rights.follows {
        // What follows a stream has a name of its own each time, and acknowledges nothing.
        publish.push(format!("$JS.API.STREAM.INFO.{stream}"));
        for verb in ["CREATE", "MSG.NEXT"] {
            publish.push(format!("$JS.API.CONSUMER.{verb}.{stream}.*"));
        }
        // The places that other services keep in it are theirs.
        for (_, durable) in
            ALL.into_iter().flat_map(|it| self::rights(it).durables).filter(|(of, _)| of == stream)
        {
            refused.push(format!("$JS.API.CONSUMER.*.{stream}.{durable}"));
            refused.push(format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"));
        }
    }
    // Answers come under the service's own name, so that nobody hears another's.
    let mut subscribe = vec![format!("_INBOX.{name}.>")];
    if service == Service::Gateway {
        // Who looks and who types, from gateway to gateway.
        publish.push(LIVE.to_owned());
        subscribe.push(LIVE.to_owned());
    }
    NatsUser { name: name.to_owned(), password, publish, refused, subscribe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_service_may_fill_or_change_the_stream_of_another() {
        let password = || Secret::new("x".to_owned());
        for service in ALL {
            let allowed = user(service, password()).publish;
            for other in ALL.into_iter().filter(|other| *other != service) {
                let events = format!("guichet.{}.>", other.name());
                assert!(!allowed.contains(&events), "{service:?} publishes {events}");
                if let Some(stream) = rights(other).stream {
                    for verb in ["CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE"] {
                        let call = format!("$JS.API.STREAM.{verb}.{stream}");
                        assert!(!allowed.contains(&call), "{service:?} may {call}");
                    }
                }
            }
        }
    }

    #[test]
    fn nobody_may_take_the_place_or_hear_the_answers_of_another() {
        let gateway = user(Service::Gateway, Secret::new("x".to_owned()));
        assert!(gateway.publish.contains(&"$JS.API.CONSUMER.CREATE.DIRECTORY.*".to_owned()));
        for call in ["*", "MSG.NEXT"] {
            let call = format!("$JS.API.CONSUMER.{call}.DIRECTORY.ingest-routes");
            assert!(gateway.refused.contains(&call), "gateway may {call}");
        }
        assert_eq!(gateway.subscribe, ["_INBOX.gateway.>", LIVE]);
        let others = ALL.into_iter().filter(|service| *service != Service::Gateway);
        for other in others.map(|service| user(service, Secret::new("x".to_owned()))) {
            assert_eq!(other.subscribe, [format!("_INBOX.{}.>", other.name)]);
        }
    }
}
