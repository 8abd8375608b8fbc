//! From calls to an operation that the session allows, as far as that can be known off the chain.

use alloy_primitives::U256;
use smart_session_core::execution::MAX_EXECUTIONS;
use smart_session_core::session::{Disclosure, Session};
use smart_session_core::window::Timestamp;

use crate::account::call::{Call, too_many};
use crate::operation::coverage::cover_calls;
use crate::operation::draft::OperationDraft;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::chain_listed::check_chain_listed;
use crate::session::grant::{Grant, check_owner_signature};

/// What an operation is drafted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraftContext {
    /// The chain.
    pub chain_id: u64,
    /// The present, in unix seconds: claimed where a budget of the session has a period.
    pub now: u64,
    /// Whether the session is enabled already. If not, the operation enables it.
    pub is_enabled: bool,
}

impl Grant {
    /// Drafts the operation that makes these calls: chooses the permissions, discloses only what
    /// is used, claims the time exactly where the session wants it, and carries the owner's
    /// signature where the session is still to be enabled.
    ///
    /// # Errors
    /// [`Refusal`] for what no operation of the session can do; it says which call and why.
    pub fn draft(&self, calls: &[Call], context: DraftContext) -> Result<OperationDraft, Refusal> {
        let permissions = cover_calls(&self.session, calls)?;
        self.draft_with(&permissions, context)
    }

    /// Drafts the operation whose calls are under these permissions.
    ///
    /// # Errors
    /// [`Refusal`] as [`Self::draft`], but whether the permissions cover the calls is left to the
    /// module.
    pub fn draft_with(
        &self,
        permissions: &[u8],
        context: DraftContext,
    ) -> Result<OperationDraft, Refusal> {
        let session = &self.session;
        let draft = self.draft_at_no_time(permissions, context)?;
        if !has_period(session) {
            return Ok(draft);
        }
        let (from, until) = (session.window.valid_after(), session.window.valid_until());
        if !Timestamp::new(context.now).is_some_and(|time| session.window.contains(time)) {
            return Err(Refusal::new(
                RefusalCode::ClaimedTimeOutsideWindow,
                format!("the time {} is outside the session's window", context.now),
                format!("act from {} to {} (unix seconds)", from.seconds(), until.seconds()),
            ));
        }
        Ok(draft.at_time(context.now))
    }

    /// Drafts what the direct path takes, where the clock is the chain's.
    ///
    /// # Errors
    /// [`Refusal`] as [`Self::draft`].
    pub fn draft_untimed(
        &self,
        calls: &[Call],
        context: DraftContext,
    ) -> Result<OperationDraft, Refusal> {
        let permissions = cover_calls(&self.session, calls)?;
        self.draft_at_no_time(&permissions, context)
    }

    fn draft_at_no_time(
        &self,
        permissions: &[u8],
        context: DraftContext,
    ) -> Result<OperationDraft, Refusal> {
        let session = &self.session;
        check_chain_listed(session, U256::from(context.chain_id))?;
        check_indices(session, permissions)?;
        if context.is_enabled {
            let mut used = permissions.to_vec();
            used.sort_unstable();
            used.dedup();
            let chain_id = Some(U256::from(context.chain_id));
            let disclosure = Disclosure { chain_id, permissions: Some(&used), signing: Some(&[]) };
            Ok(OperationDraft::draft_use(session, &disclosure, permissions)?)
        } else {
            let signature = self.owner_signature.clone().ok_or_else(|| self.not_enabled())?;
            check_owner_signature(&signature)?;
            Ok(OperationDraft::enable(session, permissions, signature)?)
        }
    }

    pub(crate) fn not_enabled(&self) -> Refusal {
        Refusal::new(
            RefusalCode::SessionNotEnabled,
            format!("session {} is not enabled for this account", self.id()),
            "give the owner's signature, or let the account enable it",
        )
    }
}

/// Returns whether operations of a session claim a time.
pub fn has_period(session: &Session) -> bool {
    session.budgets.iter().any(|budget| budget.period > 0)
}

fn check_indices(session: &Session, permissions: &[u8]) -> Result<(), Refusal> {
    if permissions.is_empty() {
        return Err(Refusal::new(
            RefusalCode::NoExecution,
            "the operation executes nothing",
            "give one permission index for each execution",
        ));
    }
    if permissions.len() > MAX_EXECUTIONS {
        return Err(too_many(permissions.len()));
    }
    let count = session.permissions.len();
    let stray = permissions.iter().enumerate().find(|(_, index)| usize::from(**index) >= count);
    stray.map_or(Ok(()), |(execution, index)| {
        Err(Refusal::new(
            RefusalCode::UnknownPermission,
            format!("execution {execution} names permission {index}, the session has {count}"),
            "count from 0, in the order of the session",
        ))
    })
}
