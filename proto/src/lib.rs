//! The events and calls between services, generated from `proto/guichet/**.proto`.
//!
//! One module a package. The bindings are committed under `src/gen` and a test proves them
//! fresh; `cargo run -p proto-generator` writes them anew. Deliberately absent: any
//! conversion to a domain type (each service's `wire` has its own) and any validation.

/// Every package as a serialised `FileDescriptorSet`, for gRPC reflection and for tests that
/// walk over all methods.
pub const DESCRIPTORS: &[u8] = include_bytes!("gen/guichet.descriptors.bin");

macro_rules! package {
    ($(#[$docs:meta])* $name:ident, $file:literal $(, $lint:path)*) => {
        $(#[$docs])*
        pub mod $name {
            /// Version 1.
            #[expect(
                missing_docs,
                $($lint,)*
                reason = "generated code"
            )]
            pub mod v1 {
                include!($file);
            }
        }
    };
}

package!(
    /// What every event carries.
    event,
    "gen/guichet.event.v1.rs"
);
package!(
    /// Who did what to settings and people.
    audit,
    "gen/guichet.audit.v1.rs"
);
package!(
    /// Words of the social networks that several services exchange.
    network,
    "gen/guichet.network.v1.rs",
    clippy::all,
    clippy::pedantic
);
package!(
    /// Items of webhooks, and what became of them.
    ingest,
    "gen/guichet.ingest.v1.rs",
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes
);
package!(
    /// Conversations and messages.
    conversation,
    "gen/guichet.conversation.v1.rs",
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes
);
package!(
    /// Organizations, members, applications and channels.
    directory,
    "gen/guichet.directory.v1.rs",
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes
);
package!(
    /// Availability, presence and ownership.
    routing,
    "gen/guichet.routing.v1.rs",
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes
);
package!(
    /// What became of replies at their networks.
    delivery,
    "gen/guichet.delivery.v1.rs",
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes
);
package!(
    /// Short links.
    link,
    "gen/guichet.link.v1.rs",
    clippy::pedantic,
    clippy::allow_attributes
);
package!(
    /// Who is told what.
    notification,
    "gen/guichet.notification.v1.rs",
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes
);
