//! What the module's operations cost: the rows of the gas table.
//!
//! Each row is measured on Nexus with EntryPoint v0.7, in steady state: the slots that it writes
//! are not zero before, the nonce lane is in use. Only what enables is a session's first.

use std::sync::Arc;

use alloy_primitives::aliases::{U96, U192};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::SolCall;
use serde::{Deserialize, Serialize};
use smart_session_client::{MessageDraft, OperationDraft};
use smart_session_core::abi::{IERC20, ISmartSession};
use smart_session_core::packed::Paymaster;
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::policy::calls;
use smart_session_core::session::{
    ArgumentRule, Budget, Disclosure, Permission, Session, SigningScope,
};
use stylus_devchain::{ArbOs, Outcome, Transaction};

use crate::abi::{IEntryPoint, IErc1271, IGame, IPermitToken, PackedUserOperation};
use crate::account::{AccountKind, Call, SmartAccount};
use crate::entry_point::{OpOutcome, Verdict};
use crate::error::TestBedError;
use crate::game::GameSession;
use crate::test_bed::TestBed;
use crate::units::ether;

mod direct;

/// One row: what an operation costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The operation, in words.
    pub row: String,
    /// The version of `ArbOS` that it was measured under.
    pub arbos: u64,
    /// Whether the program was cached.
    pub cached: bool,
    /// Gas in the module's frame, without the account's own work in nested calls.
    pub module_gas: u64,
    /// Gas of the whole transaction.
    pub tx_gas: u64,
    /// Bytes of the operation's signature field, if there is an operation.
    pub signature_bytes: Option<u64>,
    /// Bytes of the transaction's calldata: of `handleOps` with the one operation, if there is one.
    pub calldata_bytes: u64,
    /// The most gas of the module's frame with the program cached; of the whole transaction where
    /// the row says so.
    pub must_be: u64,
}

impl Row {
    /// Returns whether the row is over its budget, which is for a cached program.
    pub fn is_over(&self) -> bool {
        self.cached && self.counted() > self.must_be
    }

    /// Returns the gas that its budget is for.
    pub fn counted(&self) -> u64 {
        if self.row.ends_with(WHOLE) { self.tx_gas } else { self.module_gas }
    }
}

/// How a row ends whose budget is for the whole transaction.
const WHOLE: &str = "(whole transaction)";

/// What the rows are measured under: today's chains, and those that have not upgraded.
pub const MEASURED_UNDER: [ArbOs; 2] = [ArbOs::V61, ArbOs::V51];

/// Measures all rows, under each `ArbOS`, cached and uncached.
///
/// # Errors
/// [`TestBedError`] if something that is measured does not work.
pub fn measure() -> Result<Vec<Row>, TestBedError> {
    let mut rows = Vec::new();
    for arbos in MEASURED_UNDER {
        let world = World::new(arbos)?;
        for (row, must_be, measure) in measurements() {
            for cached in [true, false] {
                let gas = measure(&mut world.clone(), cached)?;
                let Gas { module: module_gas, tx: tx_gas, signature_bytes, calldata_bytes } = gas;
                let (row, arbos) = (row.into(), arbos.version);
                rows.push(Row {
                    row,
                    arbos,
                    cached,
                    module_gas,
                    tx_gas,
                    signature_bytes,
                    calldata_bytes,
                    must_be,
                });
            }
        }
    }
    Ok(rows)
}

/// What a row comes to.
#[derive(Clone, Copy, Debug)]
struct Gas {
    module: u64,
    tx: u64,
    signature_bytes: Option<u64>,
    calldata_bytes: u64,
}

impl Gas {
    /// Returns the cost of a transaction, with so much gas in the module's frame.
    fn of(outcome: &Outcome, module: u64) -> Self {
        let calldata = outcome.frames.first().map(|frame| &frame.input[..]).unwrap_or_default();
        let bundle = IEntryPoint::handleOpsCall::abi_decode(calldata).ok();
        let op = bundle.and_then(|it| it.ops.into_iter().next());
        Self {
            module,
            tx: outcome.gas_used,
            signature_bytes: op.map(|op| length(&op.signature)),
            calldata_bytes: length(calldata),
        }
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Does what a row is about and measures its last step.
type Measurement = fn(&mut World, bool) -> Result<Gas, TestBedError>;

fn measurements() -> [(&'static str, u64, Measurement); 14] {
    [
        ("use: value cap, window, no counter, a named sponsor", 9_500, World::sponsored_use),
        ("use: counters for calls and fees", 12_500, |it, cached| it.game(cached, 1, 1)),
        ("use: one native budget", 12_500, World::native_budget),
        ("use: batch of 5", 13_000, |it, cached| it.game(cached, 5, 1)),
        ("use: 10 permissions, 1 disclosed", 13_000, |it, cached| it.game(cached, 1, 10)),
        ("enable + first use: 1 permission", 33_000, |it, cached| it.enable(cached, 1)),
        ("enable + first use: 10 permissions", 38_000, |it, cached| it.enable(cached, 10)),
        ("use: ERC-20 transfer, recipient rule and budget", 15_500, World::transfer),
        ("ERC-1271 check through a session", 11_000, World::signature),
        ("revoke by the account", 10_500, World::revoke),
        ("direct path: one move (whole transaction)", 62_000, World::execute),
        ("order of a secp256k1 key: one move (whole transaction)", 68_000, World::order),
        ("order of a P-256 key: one move (whole transaction)", 77_000, World::order_by_p256),
        ("ERC-7710 redemption: one move (whole transaction)", 66_000, World::redemption),
    ]
}

/// A Nexus account with the module, and everything that the rows need.
#[derive(Clone, Debug)]
struct World {
    bed: TestBed,
    account: Arc<dyn SmartAccount>,
    target: Address,
    token: Address,
    sponsor: Address,
}

impl World {
    fn new(arbos: ArbOs) -> Result<Self, TestBedError> {
        let mut bed = TestBed::set_under(arbos)?;
        let account = bed.account(AccountKind::Nexus, "alice")?;
        bed.install(&*account)?;
        let target = bed.deploy("MoveLog")?;
        let token = bed.deploy("PermitToken")?;
        let sponsor = bed.deploy("Sponsor")?;
        let mut world = Self { bed, account, target, token, sponsor };
        let bundler = world.bed.entry_point.bundler;
        let mint = IPermitToken::mintCall { to: world.account.address(), amount: ether(1) };
        world.transact(bundler, token, U256::ZERO, &mint)?;
        let deposit = IEntryPoint::depositToCall { account: sponsor };
        world.transact(bundler, world.bed.entry_point.address, ether(1_000), &deposit)?;
        Ok(world)
    }

    fn transact(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
        call: &impl SolCall,
    ) -> Result<Outcome, TestBedError> {
        let transaction = Transaction::new(from, to)
            .with_data(call.abi_encode())
            .with_value(value)
            .with_gas_limit(5_000_000);
        let outcome = self.bed.chain.transact(transaction)?;
        if outcome.is_success() {
            return Ok(outcome);
        }
        Err(TestBedError::failed("a transaction", outcome.output.to_string()))
    }

    fn session(&self, change: impl FnOnce(&mut Session)) -> Result<GameSession, TestBedError> {
        GameSession::with(&self.bed, &*self.account, |session| {
            for permission in &mut session.permissions {
                permission.target = self.target;
            }
            change(session);
        })
    }

    /// Enables a session by the account's own call.
    fn enable_own(&mut self, game: &GameSession) -> Result<(), TestBedError> {
        let session = game.session.pack()?.into();
        let call = ISmartSession::enable_0Call { session }.abi_encode();
        let call_data = self.account.execute(&Call::new(self.bed.module, call));
        self.bed.expect_executed("enabling a session", &*self.account, call_data)
    }

    /// Has the program cached or not from now on.
    fn set_cached(&mut self, cached: bool) -> Result<(), TestBedError> {
        if !cached {
            self.bed.chain.evict_program(self.bed.module)?;
        }
        Ok(())
    }

    fn moves(&self, count: usize) -> Bytes {
        let data = IGame::moveCall { step: 1 }.abi_encode();
        let one = Call::new(self.target, data).with_value(ether(1));
        match count {
            1 => self.account.execute(&one),
            count => self.account.execute_batch(&vec![one; count]),
        }
    }

    /// Returns an operation of the session's delegate, with the paymaster of the session.
    fn op(
        &self,
        game: &GameSession,
        draft: &OperationDraft,
        call_data: Bytes,
    ) -> Result<PackedUserOperation, TestBedError> {
        let (bed, account) = (&self.bed, &self.account);
        let lane: U192 = account.nonce_key(bed.module);
        let mut op = bed.entry_point.user_op(&bed.chain, account.address(), lane, call_data)?;
        if let Paymaster::One(paymaster) = game.session.paymaster {
            // Gas for its validation, none for what comes after.
            let gas = U256::from(100_000).wrapping_shl(128);
            op.paymasterAndData = [paymaster.as_slice(), &gas.to_be_bytes::<32>()].concat().into();
        }
        let hash = bed.entry_point.user_op_hash(&bed.chain, &op)?;
        let signature = game.delegate.sign(draft.digest(bed.module, hash))?;
        op.signature = draft.sealed(&signature);
        Ok(op)
    }

    fn act(
        &mut self,
        game: &GameSession,
        draft: &OperationDraft,
        call_data: Bytes,
    ) -> Result<Gas, TestBedError> {
        let op = self.op(game, draft, call_data)?;
        let outcome = self.bed.send(op)?;
        executed(&outcome)
    }

    /// Enables, uses once, and measures the second use.
    fn second_use(
        &mut self,
        game: &GameSession,
        draft: &OperationDraft,
        call_data: &Bytes,
        cached: bool,
    ) -> Result<Gas, TestBedError> {
        self.enable_own(game)?;
        self.act(game, draft, call_data.clone())?;
        self.set_cached(cached)?;
        self.act(game, draft, call_data.clone())
    }

    fn sponsored_use(&mut self, cached: bool) -> Result<Gas, TestBedError> {
        let sponsor = self.sponsor;
        let game = self.session(|session| uncounted(session, sponsor))?;
        let (draft, call_data) = (game.using(1)?, self.moves(1));
        self.second_use(&game, &draft, &call_data, cached)
    }

    fn native_budget(&mut self, cached: bool) -> Result<Gas, TestBedError> {
        let sponsor = self.sponsor;
        let game = self.session(|session| {
            uncounted(session, sponsor);
            session.budgets =
                vec![Budget { token: NATIVE, amount: u128::from(u64::MAX), period: 0 }];
        })?;
        let (draft, call_data) = (game.using(1)?, self.moves(1));
        self.second_use(&game, &draft, &call_data, cached)
    }

    /// The game session with so many permissions, of which the first is used and shown.
    fn game(&mut self, cached: bool, calls: usize, permissions: u8) -> Result<Gas, TestBedError> {
        let game = self.session(|session| more_permissions(session, permissions))?;
        let shown = Disclosure { permissions: Some(&[0]), ..Disclosure::WHOLE };
        let draft = OperationDraft::draft_use(&game.session, &shown, &vec![0; calls])?;
        let call_data = self.moves(calls);
        self.second_use(&game, &draft, &call_data, cached)
    }

    fn enable(&mut self, cached: bool, permissions: u8) -> Result<Gas, TestBedError> {
        let game = self.session(|session| more_permissions(session, permissions))?;
        // Another session has used the nonce lane.
        let other = self.session(|session| session.salt = 2)?;
        let (draft, call_data) = (other.enabling(1)?, self.moves(1));
        self.act(&other, &draft, call_data.clone())?;
        self.set_cached(cached)?;
        self.act(&game, &game.enabling(1)?, call_data)
    }

    fn transfer(&mut self, cached: bool) -> Result<Gas, TestBedError> {
        let (sponsor, token) = (self.sponsor, self.token);
        let shop = Address::repeat_byte(0x50);
        let word = U256::from_be_bytes(shop.into_word().0);
        let game = self.session(|session| {
            uncounted(session, sponsor);
            session.permissions = vec![Permission {
                target: token,
                selector: IERC20::transferCall::SELECTOR,
                value_limit: U256::ZERO,
                rules: vec![ArgumentRule { index: 0, min: word, max: word }],
            }];
            session.budgets = vec![Budget { token, amount: 1_000, period: 0 }];
        })?;
        let data = IERC20::transferCall { to: shop, amount: U256::from(5) }.abi_encode();
        let call_data = self.account.execute(&Call::new(token, data));
        self.second_use(&game, &game.using(1)?, &call_data, cached)
    }

    fn signature(&mut self, cached: bool) -> Result<Gas, TestBedError> {
        let (domain_separator, type_hash) = (B256::repeat_byte(1), B256::repeat_byte(2));
        let game = self.session(|session| {
            let rules = vec![ArgumentRule { index: 0, min: U256::ZERO, max: U256::from(9) }];
            session.signing = vec![SigningScope { domain_separator, type_hash, rules }];
        })?;
        self.enable_own(&game)?;
        let word = B256::from(U256::from(7));
        let contents = keccak256([type_hash, word].concat());
        let hash = keccak256([&[0x19, 0x01], &domain_separator[..], &contents[..]].concat());
        let draft = MessageDraft::new(&game.session, 0, &[word])?;
        let sealed = draft.sealed(&game.delegate.sign(draft.digest(self.bed.module, hash))?);
        let signature = [&self.account.route(self.bed.module)[..], &sealed].concat().into();
        self.set_cached(cached)?;
        let call = IErc1271::isValidSignatureCall { hash, signature };
        let (from, account) = (self.bed.entry_point.bundler, self.account.address());
        let outcome = self.transact(from, account, U256::ZERO, &call)?;
        let valid = U256::from(0x1626_ba7e_u64).wrapping_shl(224).to_be_bytes::<32>();
        if outcome.output[..] != valid {
            return Err(TestBedError::failed("signing", outcome.output.to_string()));
        }
        self.gas_of(&outcome, ISmartSession::isValidSignatureWithSenderCall::SELECTOR)
    }

    fn revoke(&mut self, cached: bool) -> Result<Gas, TestBedError> {
        let game = self.session(|_| ())?;
        self.enable_own(&game)?;
        self.set_cached(cached)?;
        let call = ISmartSession::revoke_0Call { sessionId: game.session.id() }.abi_encode();
        let call_data = self.account.execute(&Call::new(self.bed.module, call));
        let op = self.bed.owner_op(&*self.account, call_data)?;
        if op.verdict != Verdict::Executed {
            return Err(TestBedError::failed("revoking", op.verdict.summary()));
        }
        self.gas_of(&op.outcome, ISmartSession::revoke_0Call::SELECTOR)
    }

    /// Returns the gas of a transaction and of the module's frame with a function in it, less what
    /// the account did in a nested call.
    fn gas_of(&self, outcome: &Outcome, selector: [u8; 4]) -> Result<Gas, TestBedError> {
        let module = self.bed.module;
        let frames = &outcome.frames;
        let found = frames
            .iter()
            .enumerate()
            .find(|(_, frame)| frame.to == module && frame.input.starts_with(&selector));
        let (index, frame) =
            found.ok_or_else(|| TestBedError::failed("measuring", "the module was not called"))?;
        let nested: u64 = frames
            .iter()
            .filter(|inner| inner.parent == Some(index) && inner.to == self.account.address())
            .map(|inner| inner.gas_used)
            .sum();
        Ok(Gas::of(outcome, frame.gas_used.saturating_sub(nested)))
    }
}

/// Leaves calls and fees uncounted: a sponsor pays.
fn uncounted(session: &mut Session, sponsor: Address) {
    session.max_calls = calls::UNCOUNTED;
    session.fee_limit = U96::MAX;
    session.paymaster = Paymaster::One(sponsor);
}

/// Adds permissions, for other functions, up to so many.
fn more_permissions(session: &mut Session, count: u8) {
    let first = session.permissions.first().cloned();
    for (index, permission) in (1..count).zip(first.into_iter().cycle()) {
        let selector = [index; 4];
        session.permissions.push(Permission { selector, ..permission });
    }
}

fn executed(op: &OpOutcome) -> Result<Gas, TestBedError> {
    match (&op.verdict, op.module_gas) {
        (Verdict::Executed, Some(module)) => Ok(Gas::of(&op.outcome, module)),
        (verdict, _) => {
            Err(TestBedError::failed("an operation", verdict.reason().unwrap_or("it reverted")))
        }
    }
}
