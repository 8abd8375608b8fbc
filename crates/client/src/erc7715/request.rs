//! Requests: what an app asks a wallet for.

use serde_json::Value;

use super::no_equal;
use crate::refusal::Refusal;

/// The method of a whole JSON-RPC call.
const METHOD: &str = "wallet_requestExecutionPermissions";

/// Finds the one request in what an app sends: the request itself, a list with one, or the whole
/// JSON-RPC call.
///
/// # Errors
/// [`RefusalCode::NoEqual`](crate::RefusalCode::NoEqual) if it is a call of another method, or
/// there is not one request.
pub fn read_request(document: &Value) -> Result<&Value, Refusal> {
    let mut requests = document;
    if let Some(method) = document.get("method") {
        if method != METHOD {
            return Err(no_equal(
                format!("the call is of {method}, not of {METHOD}"),
                "give the call, or its parameters, by which an app asks for permissions",
            ));
        }
        requests = document.get("params").unwrap_or(&Value::Null);
    }
    match requests.as_array().map(Vec::as_slice) {
        None => Ok(requests),
        Some([request]) => Ok(request),
        Some(several) => Err(no_equal(
            format!("there are {} requests, and one session grants one", several.len()),
            "give them one at a time",
        )),
    }
}
