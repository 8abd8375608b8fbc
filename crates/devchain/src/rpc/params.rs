//! The parameters of a request.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::RpcError;

/// The parameters of a request, by position.
#[derive(Clone, Debug, Default)]
pub(super) struct Params(Vec<Value>);

impl Params {
    /// The parameters in a request's `params`.
    pub(super) fn new(params: Option<Value>) -> Result<Self, RpcError> {
        match params {
            None | Some(Value::Null) => Ok(Self::default()),
            Some(Value::Array(params)) => Ok(Self(params)),
            Some(_) => Err(RpcError::Request("params must be an array".to_owned())),
        }
    }

    /// A parameter that must be there.
    pub(super) fn required<T: DeserializeOwned>(
        &self,
        index: usize,
        name: &'static str,
    ) -> Result<T, RpcError> {
        self.optional(index, name)?.ok_or_else(|| RpcError::parameter(index, name, "it is missing"))
    }

    /// A parameter that may be absent or null.
    pub(super) fn optional<T: DeserializeOwned>(
        &self,
        index: usize,
        name: &'static str,
    ) -> Result<Option<T>, RpcError> {
        match self.0.get(index) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::deserialize(value)
                .map(Some)
                .map_err(|error| RpcError::parameter(index, name, error)),
        }
    }
}
