//! Spans on their way out, each under the name of the service that it belongs to.
//!
//! A collector takes a service's name from the exporter's resource. Where one process runs several
//! services, one exporter would show all of them as one; so there is one for each, made when its
//! first span leaves, and all share one connection.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::join_all;
use opentelemetry::KeyValue;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter as Exporter, WithTonicConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use tonic::transport::{Channel, Endpoint};

/// Exports to one collector under several names.
#[derive(Debug)]
pub(super) struct ByService {
    channel: Channel,
    /// The process's own: for spans of none of its services.
    process: String,
    resource: Resource,
    exporters: Mutex<BTreeMap<String, Arc<Exporter>>>,
}

impl ByService {
    /// Connects when the first span leaves. Call it inside the asynchronous runtime.
    ///
    /// # Errors
    /// What makes the address none.
    pub(super) fn new(endpoint: &str, process: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        if !endpoint.starts_with("http://") {
            return Err("it does not begin with http://, and spans leave without TLS".into());
        }
        Ok(Self {
            channel: Endpoint::from_shared(endpoint.to_owned())?.connect_lazy(),
            process: process.to_owned(),
            resource: Resource::builder_empty().build(),
            exporters: Mutex::default(),
        })
    }

    fn exporter(&self, service: &str) -> Result<Arc<Exporter>, ExporterBuildError> {
        let mut exporters = self.exporters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(exporter) = exporters.get(service) {
            return Ok(exporter.clone());
        }
        let common =
            self.resource.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
        let resource = Resource::builder_empty()
            .with_attributes(common)
            .with_service_name(service.to_owned())
            .build();
        let mut exporter =
            Exporter::builder().with_tonic().with_channel(self.channel.clone()).build()?;
        exporter.set_resource(&resource);
        let exporter = Arc::new(exporter);
        exporters.insert(service.to_owned(), exporter.clone());
        Ok(exporter)
    }

    async fn send(&self, service: &str, spans: Vec<SpanData>) -> OTelSdkResult {
        let exporter = self.exporter(service);
        exporter
            .map_err(|error| OTelSdkError::InternalFailure(error.to_string()))?
            .export(spans)
            .await
    }
}

impl SpanExporter for ByService {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut groups: BTreeMap<String, Vec<SpanData>> = BTreeMap::new();
        for span in batch {
            groups.entry(service(&span.attributes, &self.process)).or_default().push(span);
        }
        let sent = join_all(
            groups
                .into_iter()
                .map(|(service, spans)| async move { self.send(&service, spans).await }),
        );
        sent.await.into_iter().collect()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.clone();
    }
}

/// The service that a span belongs to: the one that it names, else the crate that opened it; a
/// crate of the kit, or the program itself, works for no service in particular.
fn service(attributes: &[KeyValue], process: &str) -> String {
    let attribute = |name: &str| {
        let found = attributes.iter().find(|attribute| attribute.key.as_str() == name);
        found.map(|attribute| attribute.value.as_str().into_owned())
    };
    let named = attribute("service").or_else(|| {
        let target = attribute("target")?;
        let name = target.split("::").next().unwrap_or_default();
        (name != "guichet" && !name.starts_with("kit_")).then(|| name.to_owned())
    });
    // Crates and roles of the database have no hyphen, as services have on the command line.
    named.map_or_else(|| process.to_owned(), |name| name.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_never_be_sent_to_is_refused() {
        for endpoint in ["collector:4317", "https://collector:4317", "http://", ""] {
            assert!(ByService::new(endpoint, "whole").is_err(), "{endpoint}");
        }
    }

    #[test]
    fn a_span_belongs_to_the_service_it_names_else_to_the_crate_it_comes_from() {
        let of = |attributes: &[(&'static str, &'static str)]| {
            let attributes: Vec<KeyValue> =
                attributes.iter().map(|(key, value)| KeyValue::new(*key, *value)).collect();
            service(&attributes, "whole")
        };
        assert_eq!(
            of(&[("target", "kit_service::rpc::server"), ("service", "routing")]),
            "routing"
        );
        assert_eq!(of(&[("service", "link_shortener")]), "link-shortener");
        assert_eq!(of(&[("target", "link_shortener::app")]), "link-shortener");
        assert_eq!(of(&[("target", "delivery::worker"), ("service", "delivery")]), "delivery");
        assert_eq!(of(&[("target", "kit_bus::trace")]), "whole");
        assert_eq!(of(&[("target", "guichet::verbs::up")]), "whole");
        assert_eq!(of(&[]), "whole");
    }
}
