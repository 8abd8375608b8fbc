//! Whether a session is in force.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::packed::{Mode, PackedSession};
use crate::refusal::{Refusal, Refused};
use crate::state::{SessionState, Status};

/// Checks that a session is in force, or may come into force by this operation.
///
/// # Errors
/// `SessionRevokedForEver` or `SessionNotEnabled`.
#[inline(never)]
pub fn check(
    environment: impl Environment,
    session: &PackedSession<'_>,
    state: &SessionState,
    mode: Mode,
) -> Result<(), Refused> {
    let mut refusal = match (state.status(), mode) {
        (Status::Revoked, _) => Refusal::of::<Abi::SessionRevokedForEver>(),
        (Status::Unknown, Mode::Use) => Refusal::of::<Abi::SessionNotEnabled>(),
        (Status::Enabled, _) | (Status::Unknown, Mode::Enable) => return Ok(()),
    };
    Err(refusal.word(&session.id.0).tell(environment))
}
