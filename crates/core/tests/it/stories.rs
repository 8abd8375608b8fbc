//! Stories of owner, delegate and stranger, told to the core behind a map of words.

use alloy_primitives::{Address, B256, U256, keccak256};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use session_core::state::{ModuleTypes, Status};
use session_model::operation::{Gas, Hidden};
use session_model::story::{Kept, Request, Signer, Tally, World, acts, tell};
use session_model::{Place, Session, eip712, packed};

use crate::shell::Shell;

/// The module is a [`Shell`]; accounts and EntryPoint are played here.
struct Stage {
    shell: Shell,
    now: u64,
}

/// A signature is whose it is, and what it is of.
type Signature = (Signer, B256);

const ACCOUNTS: [Address; 2] = [Address::repeat_byte(0xac), Address::repeat_byte(0xbc)];
const STRANGER: Address = Address::repeat_byte(0x57);

impl Stage {
    fn new() -> Self {
        Self { shell: Shell::default(), now: 1_767_225_600 }
    }

    fn place_of(account: Address) -> Place {
        Place { account, module: Address::repeat_byte(0x5e), chain_id: 42_161 }
    }

    /// What an account's ERC-1271 says.
    fn is_owners(account: usize, signature: Signature, of: B256) -> bool {
        signature == (Signer::Owner(account), of)
    }

    fn move_epoch(&mut self, account: Address) {
        let mut state = self.shell.account(account);
        let words = [U256::from(state.epoch()), U256::from(self.now)].map(B256::from);
        let [.., a, b, c, d, e, f, g, h] = keccak256(words.concat()).0;
        state.set_epoch(u64::from_be_bytes([a, b, c, d, e, f, g, h]));
        self.shell.set_account(account, &state);
    }
}

impl World for Stage {
    fn place(&self, account: usize) -> Place {
        Self::place_of(ACCOUNTS[account])
    }

    fn delegate(&self) -> Address {
        Address::repeat_byte(0xde)
    }

    fn gas(&self) -> Gas {
        Gas { verification: 400, call: 600, pre_verification: U256::from(60), max_fee: 3 }
    }

    fn now(&self) -> u64 {
        self.now
    }

    fn warp(&mut self, seconds: u64) {
        self.now += seconds;
    }

    fn install(&mut self, account: usize) -> bool {
        let mut state = self.shell.account(ACCOUNTS[account]);
        let is_new = !state.installed().has_any(ModuleTypes::VALIDATOR);
        state.set_installed(state.installed().with(ModuleTypes::VALIDATOR));
        self.shell.set_account(ACCOUNTS[account], &state);
        is_new
    }

    fn uninstall(&mut self, account: usize) -> bool {
        let mut state = self.shell.account(ACCOUNTS[account]);
        let was = state.installed().has_any(ModuleTypes::VALIDATOR);
        state.set_installed(state.installed().without(ModuleTypes::BOTH));
        self.shell.set_account(ACCOUNTS[account], &state);
        if was {
            self.move_epoch(ACCOUNTS[account]);
        }
        was
    }

    fn enable(&mut self, account: usize, session: &Session) -> bool {
        let packed = packed::session(session, &Hidden::default());
        self.shell.enable(&self.place(account), &packed).is_ok()
    }

    fn enable_as_stranger(&mut self, session: &Session) -> bool {
        let packed = packed::session(session, &Hidden::default());
        self.shell.enable(&Self::place_of(STRANGER), &packed).is_ok()
    }

    fn enable_relayed(&mut self, account: usize, session: &Session, signer: Signer) -> bool {
        let signature = (signer, eip712::session_id(session));
        let mut after = self.shell.clone();
        let packed = packed::session(session, &Hidden::default());
        let Ok(id) = after.enable(&self.place(account), &packed) else { return false };
        let holds = Self::is_owners(account, signature, id);
        if holds {
            self.shell = after;
        }
        holds
    }

    fn operate(&mut self, request: &Request<'_>) -> bool {
        let place = self.place(request.account);
        let Ok(answer) = self.shell.ask(&place, request.session, request.operation) else {
            return false;
        };
        // The owner signed the session, the delegate the digest of what it meant.
        let owner = (request.owner, eip712::session_id(request.session));
        let meant = packed::disclosed(request.session, request.operation);
        let delegate =
            (request.delegate, operation_digest(&place, request.signed_for, keccak256(meant)));
        let is_valid = (!answer.enables || Self::is_owners(request.account, owner, answer.id))
            && delegate == (Signer::Delegate, answer.digest)
            && (answer.window.0..=answer.window.1).contains(&self.now);
        if is_valid {
            self.shell.keep(&answer);
        }
        is_valid
    }

    fn revoke(&mut self, account: usize, id: B256) -> bool {
        self.shell.set_status(ACCOUNTS[account], id, Status::Revoked);
        true
    }

    fn revoke_as_stranger(&mut self, id: B256) -> bool {
        self.shell.set_status(STRANGER, id, Status::Revoked);
        true
    }

    fn revoke_relayed(&mut self, account: usize, id: B256, signer: Signer) -> bool {
        let holds = Self::is_owners(account, (signer, id), id);
        holds && self.revoke(account, id)
    }

    fn revoke_as_delegate(&mut self, account: usize, session: &Session, caller: Signer) -> bool {
        caller == Signer::Delegate && self.revoke(account, eip712::session_id(session))
    }

    fn revoke_all(&mut self, account: usize) -> bool {
        self.move_epoch(ACCOUNTS[account]);
        true
    }

    fn revoke_all_relayed(&mut self, account: usize, signer: Signer) -> bool {
        signer == Signer::Owner(account) && self.revoke_all(account)
    }

    fn epoch(&self, account: usize) -> u64 {
        self.shell.account(ACCOUNTS[account]).epoch()
    }

    fn kept(&self, account: usize, id: B256, budgets: usize) -> Kept {
        let session = self.shell.session(ACCOUNTS[account], id);
        let budget = |index| self.shell.budget(ACCOUNTS[account], id, index);
        Kept {
            status: session.status().to_byte(),
            calls: session.calls(),
            fee: session.fee(),
            native: session.native(),
            budgets: (0..budgets).map(budget).collect(),
        }
    }
}

/// The digest of `SessionOperation`, by alloy's EIP-712.
fn operation_digest(place: &Place, session: &Session, disclosure: B256) -> B256 {
    use alloy_sol_types::{SolStruct, eip712_domain};

    let domain = eip712_domain! {
        name: "Smart Session", version: "1", verifying_contract: place.module,
    };
    let operation = session_core::abi::SessionOperation {
        userOpHash: B256::ZERO,
        sessionId: eip712::session_id(session),
        disclosure,
    };
    operation.eip712_signing_hash(&domain)
}

proptest! {
    #[test]
    fn prop_a_story_told_to_the_core_goes_as_its_history_demands(acts in acts(40)) {
        tell(&mut Stage::new(), &acts).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn stories_have_every_kind_of_act_taken_and_refused() {
    let mut runner = TestRunner::deterministic();
    let mut all = Tally::new();
    for _ in 0..150 {
        let acts = acts(40).new_tree(&mut runner).unwrap().current();
        for (kind, (taken, refused)) in tell(&mut Stage::new(), &acts).unwrap() {
            let sum = all.entry(kind).or_default();
            *sum = (sum.0 + taken, sum.1 + refused);
        }
    }
    let never_taken = ["enable as stranger"];
    let never_refused = ["warp", "draw", "revoke", "revoke as stranger", "revoke all"];
    assert_eq!(all.len(), 15, "{all:?}");
    for (kind, (taken, refused)) in &all {
        assert_eq!(*taken == 0, never_taken.contains(kind), "{all:?}");
        assert_eq!(*refused == 0, never_refused.contains(kind), "{all:?}");
    }
}
