//! The validation of every account with the module, frame by frame, against ERC-7562.
//!
//! The account is taken as unstaked and deployed. What is looked at is everything below the
//! EntryPoint's `validateUserOp`: the account, its proxies and libraries, its owner's validator,
//! and the module.

use alloy_primitives::{Address, U256, address, keccak256};
use alloy_sol_types::SolCall;
use smart_session_client::OperationDraft;
use stylus_devchain::{Frame, FrameKind, HaltReason, Outcome, Status};
use testbed::abi::IAccount7579;
use testbed::fixtures::EntryPointVersion;
use testbed::{AccountKind, TestBed};

use smart_session_core::packed::DelegateKind;
use smart_session_core::session::{ArgumentRule, Budget};

use super::everywhere::account_setup::AccountSetup;
use crate::conformance::erc7562::BANNED;

/// `ORIGIN`, `GASPRICE`, the block's opcodes, creations, `INVALID` and `SELFDESTRUCT` (OP-011),
/// `BALANCE` and `SELFBALANCE` (OP-080).
const BANNED_OPCODES: [u8; 17] = [
    0x31, 0x32, 0x3a, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x47, 0x48, 0x49, 0x4a, 0xf0, 0xf5, 0xfe,
    0xff,
];
/// `CALL`, `CALLCODE`, `DELEGATECALL`, `STATICCALL`.
const CALLS: [u8; 4] = [0xf1, 0xf2, 0xf4, 0xfa];

/// The precompiles that check the delegate's signature.
const ECRECOVER: Address = address!("0000000000000000000000000000000000000001");
const SHA256: Address = address!("0000000000000000000000000000000000000002");
const P256_VERIFY: Address = address!("0000000000000000000000000000000000000100");

/// A validation with its trace.
struct Validation {
    name: String,
    bed: TestBed,
    account: Address,
    outcome: Outcome,
    /// The account's `validateUserOp` and all frames below it, by index.
    frames: Vec<usize>,
}

impl Validation {
    fn new(setup: &AccountSetup, draft: &OperationDraft, name: &str) -> Self {
        let (bed, account) = (&setup.bed, setup.account.address());
        let calls = [bed.a_move(1, 10), bed.a_move(2, 10)];
        let call_data = setup.account.execute_batch(&calls);
        let op = if setup.game.session.delegate_kind == DelegateKind::P256 {
            setup.browser_op(draft, call_data)
        } else {
            bed.session_op(&*setup.account, draft, &setup.game.delegate, call_data).unwrap()
        };
        let bundle = bed.entry_point.bundle(vec![op]).with_trace(true);
        let outcome = bed.chain.call(bundle).unwrap();
        assert!(outcome.is_success(), "{setup}, {name}: {}", outcome.output);
        let mut frames: Vec<usize> = Vec::new();
        for (index, frame) in outcome.frames.iter().enumerate() {
            let is_root = frame.from == bed.entry_point.address
                && frame.to == account
                && frame.input.starts_with(&IAccount7579::validateUserOpCall::SELECTOR);
            // A proxy's delegate call is below it.
            let is_below = frame.parent.is_some_and(|parent| frames.contains(&parent));
            if is_root || is_below {
                frames.push(index);
            }
        }
        let name = format!("{setup}, {name}");
        Self { name, bed: bed.clone(), account, outcome, frames }
    }

    /// Enabling and using the session, one with budgets, and one of a browser's key, on every
    /// account.
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for kind in AccountKind::ALL {
            let mut setup = AccountSetup::on(kind, EntryPointVersion::V07);
            all.push(Self::new(&setup, &setup.game.enabling(2).unwrap(), "enable"));
            setup.enable_and_move();
            all.push(Self::new(&setup, &setup.game.using(2).unwrap(), "use"));

            setup.with_session(|session| {
                let native =
                    Budget { token: Address::repeat_byte(0xee), amount: 1 << 80, period: 0 };
                session.budgets = vec![
                    native,
                    Budget { period: 60, ..native },
                    Budget { period: 3600, ..native },
                    // No execution moves any of this one: its word is not touched.
                    Budget { token: Address::repeat_byte(0x70), ..native },
                ];
                session.permissions[0].rules =
                    vec![ArgumentRule { index: 0, min: U256::from(1), max: U256::from(2) }];
            });
            let now = setup.bed.chain.timestamp();
            let draft = setup.game.enabling(2).unwrap().at_time(now);
            all.push(Self::new(&setup, &draft, "budgets, enable"));

            setup.with_browser_session();
            let draft = setup.game.enabling(2).unwrap();
            all.push(Self::new(&setup, &draft, "a browser's key, enable"));
        }
        all
    }

    fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.frames.iter().map(|index| &self.outcome.frames[*index])
    }

    /// The module's own frame, and those that it opened.
    fn of_module(&self) -> (&Frame, Vec<&Frame>) {
        let module = self.bed.module;
        let at = self.frames.iter().find(|index| self.outcome.frames[**index].to == module);
        let at = *at.unwrap_or_else(|| panic!("{}: the module was not asked", self.name));
        let opened = self.outcome.frames.iter().filter(|frame| frame.parent == Some(at));
        (&self.outcome.frames[at], opened.collect())
    }
}

/// The precompiles that validation may call (OP-062).
fn is_allowed_precompile(address: Address) -> bool {
    let number = U256::from_be_slice(address.as_slice());
    (U256::from(1)..=U256::from(0x11)).contains(&number) || number == U256::from(0x100)
}

#[test]
fn every_account_has_the_module_validate_and_the_trace_shows_it() {
    let all = Validation::all();

    assert_eq!(all.len(), 4 * AccountKind::ALL.len());
    for validation in all {
        let (module, opened) = validation.of_module();
        assert!(module.program.is_some(), "{}: the module is a program", validation.name);
        let called: Vec<Address> = opened.iter().map(|frame| frame.to).collect();
        let mut expected = Vec::new();
        if validation.name.ends_with("enable") {
            expected.push(validation.account);
        }
        if validation.name.contains("browser") {
            expected.extend([SHA256, P256_VERIFY]);
        } else {
            expected.push(ECRECOVER);
        }
        assert_eq!(called, expected, "{}", validation.name);
        let has_timestamp = |frame: &Frame| frame.trace.opcodes.contains_key(&0x42);
        assert!(
            has_timestamp(&validation.outcome.frames[0]),
            "{}: the trace would show it, as it does for the EntryPoint",
            validation.name
        );
    }
}

#[test]
fn no_frame_of_validation_runs_a_banned_opcode() {
    for validation in Validation::all() {
        for frame in validation.frames() {
            for opcode in frame.trace.opcodes.keys() {
                let is_banned = BANNED_OPCODES.contains(opcode);
                assert!(!is_banned, "{}: {opcode:#04x} in {}", validation.name, frame.code_address);
            }
            let hostios = frame.program.iter().flat_map(|program| program.hostios.keys());
            for name in hostios {
                assert!(!BANNED.contains(name), "{}: {name}", validation.name);
            }
        }
    }
}

#[test]
fn gas_is_asked_for_only_to_be_given_to_a_call() {
    for validation in Validation::all() {
        for frame in validation.frames() {
            for opcode in &frame.trace.after_gas {
                assert!(
                    CALLS.contains(opcode),
                    "{}, OP-012: {opcode:#04x} in {}",
                    validation.name,
                    frame.code_address
                );
            }
        }
    }
}

#[test]
fn no_frame_of_validation_runs_out_of_gas() {
    for validation in Validation::all() {
        for frame in validation.frames() {
            assert_ne!(
                frame.status,
                Status::Halt(HaltReason::OutOfGas),
                "{}, OP-020: {}",
                validation.name,
                frame.code_address
            );
        }
    }
}

#[test]
fn every_slot_is_the_accounts_own_or_associated_with_it() {
    for validation in Validation::all() {
        let account = validation.account.into_word();
        let associated: Vec<U256> = validation
            .frames()
            .flat_map(|frame| &frame.trace.preimages)
            .filter(|preimage| preimage.len() == 64 && preimage[..32] == account[..])
            .map(|preimage| U256::from_be_bytes(keccak256(preimage).0))
            .collect();
        let mut of_module = 0;
        for access in validation.frames().flat_map(|frame| &frame.trace.slots) {
            let is_associated =
                associated.iter().any(|slot| access.slot.wrapping_sub(*slot) <= U256::from(128));
            assert!(
                access.address == validation.account || is_associated,
                "{}, STO-010, STO-021: {access:?}",
                validation.name
            );
            of_module += u32::from(access.address == validation.bed.module);
        }
        assert!(of_module >= 3, "{}: two words read, one written", validation.name);
    }
}

#[test]
fn only_contracts_and_allowed_precompiles_are_called_or_looked_at() {
    for validation in Validation::all() {
        for frame in validation.frames() {
            for (opcode, address) in &frame.trace.accounts {
                let has_code = !validation.bed.chain.code(*address).is_empty();
                let number = U256::from_be_slice(address.as_slice());
                let is_low = number <= U256::from(0xffff);
                assert!(
                    is_allowed_precompile(*address) || (has_code && !is_low),
                    "{}, OP-041, OP-062: {opcode:#04x} of {address} in {}",
                    validation.name,
                    frame.code_address
                );
            }
        }
    }
}

#[test]
fn value_goes_to_the_entry_point_alone_and_nothing_else_is_asked_of_it() {
    for validation in Validation::all() {
        let entry_point = validation.bed.entry_point.address;
        for frame in validation.frames().filter(|frame| frame.kind == FrameKind::Call) {
            if frame.to == entry_point {
                assert!(frame.input.is_empty(), "{}, OP-054: {}", validation.name, frame.input);
            } else if frame.from != entry_point {
                assert_eq!(frame.value, U256::ZERO, "{}, OP-061: {}", validation.name, frame.to);
            }
        }
    }
}

#[test]
fn the_module_calls_the_account_and_precompiles_with_bounded_gas() {
    for validation in Validation::all() {
        let (_, opened) = validation.of_module();
        for frame in opened {
            let most = match frame.to {
                ECRECOVER => 10_000,
                SHA256 => 10_000 + u64::try_from(frame.input.len()).unwrap(),
                P256_VERIFY => 30_000,
                to => {
                    assert_eq!(to, validation.account, "{}", validation.name);
                    // Half of the operation's verificationGasLimit.
                    200_000
                }
            };
            assert!(frame.gas_limit <= most, "{}: {}", validation.name, frame.gas_limit);
            assert_eq!(frame.kind, FrameKind::StaticCall, "{}", validation.name);
        }
    }
}
