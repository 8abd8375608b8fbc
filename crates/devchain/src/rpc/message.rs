//! JSON-RPC 2.0: requests, batches and answers.

use serde_json::{Value, json};

use super::error::RpcError;
use super::params::Params;

/// Most requests of one batch.
const MOST_IN_BATCH: usize = 1_000;

/// Answers a body with what `serve` makes of each request in it; `None` if no request asked for an
/// answer.
pub(super) fn answer(
    body: &[u8],
    mut serve: impl FnMut(&str, &Params) -> Result<Value, RpcError>,
) -> Option<Value> {
    let body: Value = match serde_json::from_slice(body) {
        Ok(body) => body,
        Err(error) => return Some(failure(&Value::Null, &RpcError::Parse(error.to_string()))),
    };
    match body {
        Value::Array(requests) if requests.is_empty() => Some(invalid("the batch is empty")),
        Value::Array(requests) if requests.len() > MOST_IN_BATCH => {
            Some(invalid(&format!("a batch has at most {MOST_IN_BATCH} requests")))
        }
        Value::Array(requests) => {
            let answers: Vec<_> = requests
                .into_iter()
                .filter_map(|request| answer_one(request, &mut serve))
                .collect();
            (!answers.is_empty()).then_some(Value::Array(answers))
        }
        request => answer_one(request, &mut serve),
    }
}

fn answer_one(
    request: Value,
    serve: &mut impl FnMut(&str, &Params) -> Result<Value, RpcError>,
) -> Option<Value> {
    let Value::Object(mut request) = request else {
        return Some(invalid("it must be an object"));
    };
    let id = match request.remove("id") {
        Some(id @ (Value::Null | Value::Number(_) | Value::String(_))) => Some(id),
        Some(_) => return Some(invalid("id must be a number, a string or null")),
        None => None,
    };
    let fail = |error: &RpcError| Some(failure(id.as_ref().unwrap_or(&Value::Null), error));
    if request.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return fail(&RpcError::Request("jsonrpc must be \"2.0\"".to_owned()));
    }
    let method = match request.get("method") {
        Some(Value::String(method)) => method.clone(),
        _ => return fail(&RpcError::Request("method must be a string".to_owned())),
    };
    let result = Params::new(request.remove("params")).and_then(|params| serve(&method, &params));
    match (result, &id) {
        (_, None) => None,
        (Ok(result), Some(id)) => Some(json!({ "jsonrpc": "2.0", "id": id, "result": result })),
        (Err(error), Some(_)) => fail(&error),
    }
}

fn invalid(reason: &str) -> Value {
    failure(&Value::Null, &RpcError::Request(reason.to_owned()))
}

/// An answer with an error.
pub(super) fn failure(id: &Value, error: &RpcError) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": error.to_json() })
}
