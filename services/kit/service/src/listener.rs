//! Listening sockets: reserved ahead, so that an address can be told to peers before its
//! service starts, and refused with a sentence when somebody else has it.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use kit_values::{Class, Fault};

use crate::config::Listener;

/// Sockets that are bound but not yet served.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reserved(Arc<Mutex<HashMap<SocketAddr, std::net::TcpListener>>>);

impl Reserved {
    /// Binds now and keeps the socket for whoever asks for the address that is returned.
    pub(crate) fn reserve(&self, listener: &Listener) -> Result<SocketAddr, Fault> {
        let socket = std::net::TcpListener::bind(listener.address)
            .map_err(|error| refusal(listener.address, error))?;
        let address = socket.local_addr().map_err(Fault::internal)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(address, socket);
        Ok(address)
    }

    /// The reserved socket of this address, else a fresh one.
    pub(crate) async fn bind(&self, listener: &Listener) -> Result<tokio::net::TcpListener, Fault> {
        let address = listener.address;
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&address);
        match kept {
            Some(socket) => {
                socket.set_nonblocking(true).map_err(Fault::internal)?;
                tokio::net::TcpListener::from_std(socket).map_err(Fault::internal)
            }
            None => tokio::net::TcpListener::bind(address)
                .await
                .map_err(|error| refusal(address, error)),
        }
    }
}

fn refusal(address: SocketAddr, error: std::io::Error) -> Fault {
    let sentence = match error.kind() {
        ErrorKind::AddrInUse => format!(
            "Port {} of {} is in use by another program; stop that program or configure another \
             port.",
            address.port(),
            address.ip()
        ),
        ErrorKind::PermissionDenied => {
            format!("Port {} needs more rights; configure one from 1024 on.", address.port())
        }
        ErrorKind::AddrNotAvailable => {
            format!("This machine has no address {}; configure one that it has.", address.ip())
        }
        _ => format!("Cannot listen on {address}."),
    };
    Fault::new(Class::Unavailable, "cannot_listen", sentence).caused_by(error)
}
