//! HTTP on 127.0.0.1.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, extract::Request};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use super::access::{Access, Refusal, check_content_type};
use super::error::RpcError;
use super::message::failure;
use super::node::Node;
use super::service::{MOST_BYTES, Service, reply};
use super::web_socket;

/// Longest body that is read to its end, so that the client gets to see why it is not served.
const MOST_READ: usize = 32 * 1024 * 1024;

/// A node that listens on 127.0.0.1. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Server {
    /// Serves a node to programs on this machine; port 0 takes any that is free.
    ///
    /// # Errors
    ///
    /// When the port is taken, or the system has no threads left.
    pub fn start(node: Node, port: u16) -> io::Result<Self> {
        Self::start_for(Access::local(), node, port)
    }

    /// The same for those whom an [`Access`] lets in.
    ///
    /// # Errors
    ///
    /// When the port is taken, or the system has no threads left.
    pub fn start_for(access: Access, node: Node, port: u16) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))?;
        let address = listener.local_addr()?;
        let app = Router::new().fallback(serve).with_state(Arc::new(Service::new(node, access)));
        runtime.spawn(async move { axum::serve(listener, app).await });
        Ok(Self { address, runtime: Some(runtime) })
    }

    /// Where it listens. The same with `ws` for `http` is its WebSocket.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until the process gets an interrupt or is asked to terminate.
    ///
    /// # Errors
    ///
    /// When the system does not let signals be waited for.
    pub fn wait_for_signal(&self) -> io::Result<()> {
        self.runtime.as_ref().map_or(Ok(()), |runtime| runtime.block_on(signal()))
    }
}

impl Drop for Server {
    /// Without waiting for calls that still run.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(unix)]
async fn signal() -> io::Result<()> {
    use std::future::poll_fn;
    use std::task::Poll;
    use tokio::signal::unix::{SignalKind, signal};

    let mut signals = [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?];
    poll_fn(|context| {
        let came = signals.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
        if came { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    Ok(())
}

#[cfg(not(unix))]
async fn signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

async fn serve(State(service): State<Arc<Service>>, request: Request<Body>) -> Response {
    let shared = match service.access.check(request.headers()) {
        Ok(shared) => shared,
        Err(refusal) => return service.refuse(refusal),
    };
    if web_socket::is_wanted(request.headers()) {
        return web_socket::open(service, request).await;
    }
    let mut response = match *request.method() {
        Method::POST => answer(&service, request).await,
        Method::OPTIONS => {
            (StatusCode::NO_CONTENT, Access::preflight(request.headers())).into_response()
        }
        _ => {
            let text = "This is a devchain node: POST a JSON-RPC request, or open a WebSocket.\n";
            let allowed = [(header::ALLOW, "POST, OPTIONS")];
            (StatusCode::METHOD_NOT_ALLOWED, allowed, text).into_response()
        }
    };
    response.headers_mut().extend(shared);
    response
}

async fn answer(service: &Arc<Service>, request: Request<Body>) -> Response {
    if let Err(refusal) = check_content_type(request.headers()) {
        return service.refuse(refusal);
    }
    let body = match to_bytes(request.into_body(), MOST_READ).await {
        Ok(body) if body.len() <= MOST_BYTES => body,
        _ => {
            let reason = format!("the body is longer than {MOST_BYTES} bytes");
            return service.refuse(Refusal { status: StatusCode::PAYLOAD_TOO_LARGE, reason });
        }
    };
    match service.run(move |node| node.answer(&body)).await {
        Ok(Some(answer)) => reply(StatusCode::OK, &answer),
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            let error = failure(&Value::Null, &RpcError::Internal(error));
            reply(StatusCode::INTERNAL_SERVER_ERROR, &error)
        }
    }
}
