//! The listener of the playground: its connections can be reset on purpose, as a network's
//! sometimes are.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use kit_service::Runtime;
use kit_values::Fault;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// A handle on one connection; handlers get it as `ConnectInfo<Line>`.
#[derive(Debug, Clone, Default)]
pub struct Line {
    is_cut: Arc<AtomicBool>,
}

impl Line {
    /// From now on nothing is written, and the connection ends with a reset instead of an end:
    /// the caller sees neither an answer nor a farewell.
    pub fn cut(&self) {
        self.is_cut.store(true, Ordering::Release);
    }

    fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::Acquire)
    }
}

impl Connected<IncomingStream<'_, Lines>> for Line {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Serves `router` until the process stops; requests in flight are then finished.
///
/// # Errors
/// Unavailable, with what to do, when the address cannot be had.
pub async fn serve(
    runtime: &Runtime,
    listener: &kit_service::Listener,
    router: Router,
) -> Result<(), Fault> {
    let lines = Lines { socket: runtime.bind(listener).await? };
    let flag = runtime.health.register("playground-http".to_owned());
    let traced = kit_service::http::traced("playground", router);
    let service = traced.into_make_service_with_connect_info::<Line>();
    let stop = runtime.stop.clone().cancelled_owned();
    let serving = axum::serve(lines, service).with_graceful_shutdown(stop);
    runtime.tasks.spawn("playground", async move {
        flag.set_ready();
        let ended = serving.await.map_err(Fault::internal);
        flag.set_unready("stopped");
        ended
    });
    Ok(())
}

/// Accepts connections.
#[derive(Debug)]
struct Lines {
    socket: TcpListener,
}

impl Listener for Lines {
    type Io = Wire;
    type Addr = Line;

    async fn accept(&mut self) -> (Wire, Line) {
        loop {
            match self.socket.accept().await {
                Ok((stream, _)) => {
                    // A refusal costs latency only.
                    let _ = stream.set_nodelay(true);
                    let line = Line::default();
                    return (Wire { stream, line: line.clone() }, line);
                }
                Err(error) => {
                    // The client went away again, or the process has no descriptor left.
                    tracing::debug!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Line> {
        Ok(Line::default())
    }
}

/// A connection that writes nothing once it is cut.
#[derive(Debug)]
struct Wire {
    stream: TcpStream,
    line: Line,
}

impl Wire {
    fn refuse(&self) -> io::Result<()> {
        if self.line.is_cut() { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.line.is_cut() {
            // With nothing to linger for, closing sends a reset. If this fails the client sees
            // an end without an answer, which is the same to it.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.refuse()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.refuse()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.refuse()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.refuse()?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
