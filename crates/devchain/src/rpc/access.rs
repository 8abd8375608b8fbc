//! Who may talk to a node: programs on this machine, and pages of the origins that are named.
//!
//! A server on 127.0.0.1 is within reach of every page that a browser on the machine shows. So a
//! request must name this machine as its host (against DNS rebinding), must not come from an origin
//! that is not allowed, and must be JSON, which no page can send elsewhere without asking first.

use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{HeaderName, StatusCode, Uri};

const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
/// Seconds that a browser may remember what a preflight said.
const MAX_AGE: &str = "600";

/// The origins whose pages may talk to a node.
///
/// ```
/// use stylus_devchain::rpc::Access;
///
/// let access = Access::local().allow_origin("http://localhost:5173")?;
/// assert!(Access::local().allow_origin("*").is_err());
/// # let _ = access;
/// # Ok::<(), stylus_devchain::rpc::OriginError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Access {
    origins: Vec<String>,
}

/// Something that is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no origin: name a scheme, a host and perhaps a port, such as http://localhost:5173"
)]
pub struct OriginError(String);

/// Why a request is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: String,
}

impl Access {
    /// Programs on this machine alone; no page.
    pub fn local() -> Self {
        Self::default()
    }

    /// The same and the pages of an origin: a scheme, a host and a port that is not the scheme's
    /// own, as in `http://localhost:5173`.
    ///
    /// # Errors
    ///
    /// When it is no origin. There is no word for all of them.
    pub fn allow_origin(mut self, origin: &str) -> Result<Self, OriginError> {
        let error = || OriginError(origin.to_owned());
        let uri: Uri = origin.parse().map_err(|_| error())?;
        let is_origin = uri.scheme_str().is_some_and(|scheme| matches!(scheme, "http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty() && !host.contains('*'))
            && uri.path() == "/"
            && uri.query().is_none()
            && !origin.ends_with('/')
            && !origin.contains('@');
        if !is_origin {
            return Err(error());
        }
        self.origins.push(origin.to_ascii_lowercase());
        Ok(self)
    }

    /// Checks who asks. Returns the headers that let a page of an allowed origin read the answer.
    pub(super) fn check(&self, request: &HeaderMap) -> Result<HeaderMap, Refusal> {
        check_host(request)?;
        let mut allowed = HeaderMap::new();
        let Some(origin) = request.get(header::ORIGIN) else { return Ok(allowed) };
        let text = String::from_utf8_lossy(origin.as_bytes()).into_owned();
        if !self.origins.contains(&text.to_ascii_lowercase()) {
            let reason = format!(
                "pages of the origin {text:?} may not use this node: start it with --allow-origin \
                 {text}"
            );
            return Err(Refusal { status: StatusCode::FORBIDDEN, reason });
        }
        allowed.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        allowed.insert(header::VARY, HeaderValue::from_static("Origin"));
        Ok(allowed)
    }

    /// What a preflight is answered with, beside what [`check`](Self::check) returns.
    pub(super) fn preflight(request: &HeaderMap) -> HeaderMap {
        let mut answer = HeaderMap::new();
        let mut put = |name: HeaderName, value: &'static str| {
            answer.insert(name, HeaderValue::from_static(value));
        };
        put(header::ACCESS_CONTROL_ALLOW_METHODS, "POST");
        put(header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type");
        put(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        if request.contains_key(REQUEST_PRIVATE_NETWORK) {
            put(ALLOW_PRIVATE_NETWORK, "true");
        }
        answer
    }
}

/// The request must name this machine.
fn check_host(request: &HeaderMap) -> Result<(), Refusal> {
    let host = request.get(header::HOST).map(|host| String::from_utf8_lossy(host.as_bytes()));
    let host = host.unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => &host,
    };
    if ["127.0.0.1", "localhost", "[::1]"].contains(&name.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    let reason = format!("this node answers to the hosts 127.0.0.1 and localhost, not to {host:?}");
    Err(Refusal { status: StatusCode::FORBIDDEN, reason })
}

/// The body must say that it is JSON.
pub(super) fn check_content_type(request: &HeaderMap) -> Result<(), Refusal> {
    let kind = request.get(header::CONTENT_TYPE);
    let kind = kind.map(|kind| String::from_utf8_lossy(kind.as_bytes())).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let reason = format!("the content type must be application/json, not {kind:?}");
    Err(Refusal { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, reason })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{Access, check_content_type};

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.insert(*name, value.parse().expect("a header"));
        }
        headers
    }

    #[test]
    fn a_host_must_be_this_machine() {
        let access = Access::local();
        for host in ["127.0.0.1", "127.0.0.1:8545", "localhost:80", "LOCALHOST", "[::1]:8545"] {
            assert!(access.check(&headers(&[("host", host)])).is_ok(), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example:8545", "localhost.evil", "", "[::2]"] {
            assert!(access.check(&headers(&[("host", host)])).is_err(), "{host}");
        }
        assert!(access.check(&HeaderMap::new()).is_err());
    }

    #[test]
    fn an_origin_must_be_named_exactly() {
        let access = Access::local().allow_origin("http://localhost:5173").expect("an origin");
        let ask =
            |origin: &str| access.check(&headers(&[("host", "localhost"), ("origin", origin)]));

        let allowed = ask("http://localhost:5173").expect("it is named");
        assert_eq!(allowed["access-control-allow-origin"], "http://localhost:5173");
        for origin in ["http://localhost", "https://localhost:5173", "null", "http://evil.example"]
        {
            assert!(ask(origin).is_err(), "{origin}");
        }
    }

    #[test]
    fn what_is_no_origin_cannot_be_allowed() {
        for text in
            ["*", "", "localhost", "http://", "http://a/b", "http://a/", "file:///x", "http://a@b"]
        {
            assert!(Access::local().allow_origin(text).is_err(), "{text}");
        }
        assert!(Access::local().allow_origin("https://app.example").is_ok());
    }

    #[test]
    fn a_body_must_be_json() {
        for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
            assert!(check_content_type(&headers(&[("content-type", kind)])).is_ok(), "{kind}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
            assert!(check_content_type(&headers(&[("content-type", kind)])).is_err(), "{kind}");
        }
        assert!(check_content_type(&HeaderMap::new()).is_err());
    }
}
