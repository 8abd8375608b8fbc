//! WebSocket: requests, answers, and notifications of what a client subscribed to.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::access::Refusal;
use super::service::{MOST_BYTES, Service};
use super::subscription::Subscriptions;

/// Whether a request wants a WebSocket.
pub(super) fn is_wanted(request: &HeaderMap) -> bool {
    let upgrade = request.get(header::UPGRADE).and_then(|kind| kind.to_str().ok());
    upgrade.is_some_and(|kind| kind.eq_ignore_ascii_case("websocket"))
}

/// Opens one.
pub(super) async fn open(service: Arc<Service>, request: Request<Body>) -> Response {
    if service.sockets.available_permits() == 0 {
        let reason = "too many WebSockets are open".to_owned();
        return service.refuse(Refusal { status: StatusCode::SERVICE_UNAVAILABLE, reason });
    }
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade
            .max_message_size(MOST_BYTES)
            .max_frame_size(MOST_BYTES)
            .on_upgrade(move |socket| converse(service, socket)),
        Err(rejection) => rejection.into_response(),
    }
}

/// Answers until the client leaves.
///
/// Notifications are made when there is a block and the client takes them: who reads slowly costs
/// no memory.
async fn converse(service: Arc<Service>, mut socket: WebSocket) {
    let Ok(_permit) = service.sockets.acquire().await else { return };
    let subscriptions = Arc::new(Mutex::new(Subscriptions::default()));
    let mut news = service.node.news();
    loop {
        let due = tokio::select! {
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => ask(&service, &subscriptions, text.into()).await,
                Some(Ok(Message::Binary(bytes))) => ask(&service, &subscriptions, bytes).await,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => Vec::new(),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
            changed = news.changed() => match changed {
                Ok(()) => notifications(&service, &subscriptions).await,
                Err(_) => return,
            },
        };
        for message in due {
            if socket.send(Message::Text(message.to_string().into())).await.is_err() {
                return;
            }
        }
    }
}

type Shared = Arc<Mutex<Subscriptions>>;

async fn ask(
    service: &Arc<Service>,
    subscriptions: &Shared,
    body: axum::body::Bytes,
) -> Vec<Value> {
    let subscriptions = Arc::clone(subscriptions);
    let answer = service.run(move |node| {
        let mut own = subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        node.answer_subscriber(&body, &mut own)
    });
    answer.await.ok().flatten().into_iter().collect()
}

async fn notifications(service: &Arc<Service>, subscriptions: &Shared) -> Vec<Value> {
    let subscriptions = Arc::clone(subscriptions);
    let due = service.run(move |node| {
        let mut own = subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        node.notifications(&mut own)
    });
    due.await.unwrap_or_default()
}
