//! Build, sign, pack and explain smart sessions.
//!
//! | step | type |
//! |---|---|
//! | the owner signs | [`session_digest`] |
//! | the delegate acts | [`OperationDraft`], signed by a [`SoftwareKey`] |
//! | the module refuses | [`explain`] says why, in words |

mod explain;
mod operation;
mod software_key;

pub use explain::{error_name, explain};
pub use operation::{OperationDraft, session_digest};
pub use software_key::{KeyError, SoftwareKey};
