//! Alice lets a game's frontend key move for her: two hours, one function, 0.01 ETH per move.

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolCall;
use harness::abi::IGame;
use harness::account::{self, Call, SmartAccount};
use harness::stage::{self, Stage, StageError, ether};
use harness::{OpOutcome, OzAccount};
use session_client::{OperationDraft, SoftwareKey, session_digest};
use session_core::abi::ISmartSession;
use session_core::packed::{DelegateKind, Paymaster};
use session_core::session::{Chain, Disclosure, Permission, Session};
use session_core::verdict::{Timestamp, ValidityWindow};

use crate::report::{Peer, Report};

const TWO_HOURS: u64 = 2 * 60 * 60;

/// `SmartSession`, a true cap per call, lean signer.
const PEER_ENABLE: Peer = Peer { tx_gas: 852_047, module_gas: 747_717 };
const PEER_USE: Peer = Peer { tx_gas: 157_111, module_gas: 59_482 };
const PEER_BATCH: Peer = Peer { tx_gas: 228_606, module_gas: 84_571 };

/// Plays the story.
pub(crate) fn play(report: &mut Report) -> Result<(), StageError> {
    report
        .tell("Setting the stage: EntryPoint v0.7, the session module, two OpenZeppelin accounts.");
    let mut stage = Stage::set()?;
    let alice = stage.oz_account("alice")?;
    let bob = stage.oz_account("bob")?;
    stage.install(&alice)?;
    stage.install(&bob)?;

    report.tell(
        "Alice signs a session: the game's frontend key may call move(uint8) of the game and\n\
         nothing else, for two hours, with at most 0.01 ETH each time, 100 times at most.\n\
         Nothing is sent for it.",
    );
    let scene = Scene::new(&stage, &alice, 1)?;
    play_moves(report, &mut stage, &alice, &scene)?;
    play_refusals(report, &mut stage, &alice, &bob, &scene)?;
    play_endings(report, &mut stage, &alice, &scene)
}

/// A session with its owner's signature and its delegate's key.
struct Scene {
    session: Session,
    owner_signature: Bytes,
    frontend: SoftwareKey,
}

impl Scene {
    fn new(stage: &Stage, alice: &OzAccount, salt: u64) -> Result<Self, StageError> {
        let frontend = stage::key("GameFrontendWallet")?;
        let now = stage.chain.timestamp();
        let session = Session {
            account: alice.address(),
            chains: vec![Chain { chain_id: U256::from(stage.chain.chain_id()), epoch: 0 }],
            delegate: frontend.address(),
            delegate_kind: DelegateKind::Secp256k1,
            window: window(now, now.saturating_add(TWO_HOURS))?,
            max_calls: 100,
            fee_limit: 10_000_000_000_000_000,
            paymaster: Paymaster::None,
            permissions: vec![Permission {
                target: stage.game,
                selector: IGame::moveCall::SELECTOR,
                value_limit: ether(10),
                rules: Vec::new(),
            }],
            budgets: Vec::new(),
            signing: Vec::new(),
            salt,
        };
        let owner_signature = alice.owner_signature(session_digest(stage.module, &session))?;
        Ok(Self { session, owner_signature, frontend })
    }

    fn enabling(&self, calls: usize) -> Result<OperationDraft, StageError> {
        let signature = self.owner_signature.clone();
        Ok(OperationDraft::enable(&self.session, &vec![0; calls], signature)?)
    }

    fn using(&self, calls: usize) -> Result<OperationDraft, StageError> {
        Ok(OperationDraft::redeem(&self.session, &Disclosure::WHOLE, &vec![0; calls])?)
    }
}

fn window(after: u64, until: u64) -> Result<ValidityWindow, StageError> {
    Timestamp::new(after)
        .zip(Timestamp::new(until))
        .and_then(|(after, until)| ValidityWindow::new(after, until))
        .ok_or_else(|| StageError::Failed {
            step: "choosing the window",
            why: format!("{after}..{until} is none"),
        })
}

fn play_moves(
    report: &mut Report,
    stage: &mut Stage,
    alice: &OzAccount,
    scene: &Scene,
) -> Result<(), StageError> {
    report.tell("The frontend plays: its first operation carries Alice's signature.");
    let one = alice.execute(&a_move(stage, 1, 10));
    let op = send(stage, alice, &scene.enabling(1)?, &scene.frontend, one)?;
    report.step("enable the session and move", "executed", &op, Some(PEER_ENABLE));
    for (step, name) in [(2, "move"), (3, "move again")] {
        let call = alice.execute(&a_move(stage, step, 10));
        let op = send(stage, alice, &scene.using(1)?, &scene.frontend, call)?;
        report.step(name, "executed", &op, Some(PEER_USE));
    }
    let five: Vec<Call> = (4..9).map(|step| a_move(stage, step, 10)).collect();
    let op = send(stage, alice, &scene.using(5)?, &scene.frontend, alice.execute_batch(&five))?;
    report.step("five moves in one batch", "executed", &op, Some(PEER_BATCH));
    Ok(())
}

fn play_refusals(
    report: &mut Report,
    stage: &mut Stage,
    alice: &OzAccount,
    bob: &OzAccount,
    scene: &Scene,
) -> Result<(), StageError> {
    report.tell("What the session does not allow is refused, before it runs.");
    let good = a_move(stage, 9, 10);
    let withdraw = IGame::withdrawCall { amount: U256::from(1) }.abi_encode();
    let other_game = Call { target: stage.owner_validator, ..good.clone() };
    let to_account = Call::new(alice.address(), good.data.clone());
    let revoke = ISmartSession::revokeCall { sessionId: scene.session.id() }.abi_encode();
    let third_bad = [good.clone(), good.clone(), a_move(stage, 9, 20), good.clone(), good.clone()];
    let mut delegatecall = stage.game.to_vec();
    delegatecall.extend(&good.data);

    let singles = [
        ("another contract", "refused: AA23 TargetNotPermitted", other_game),
        (
            "another function of the game",
            "refused: AA23 SelectorNotPermitted",
            Call::new(stage.game, withdraw),
        ),
        ("0.02 ETH", "refused: AA23 ValueOverLimit", a_move(stage, 9, 20)),
        ("Alice's account itself", "refused: AA23 BannedTarget", to_account),
        ("the session module", "refused: AA23 BannedTarget", Call::new(stage.module, revoke)),
    ];
    for (name, expected, call) in singles {
        let op = send(stage, alice, &scene.using(1)?, &scene.frontend, alice.execute(&call))?;
        report.step(name, expected, &op, None);
    }
    let call = account::execute(account::mode(0xff, 0), delegatecall);
    let op = send(stage, alice, &scene.using(1)?, &scene.frontend, call)?;
    report.step("a delegatecall", "refused: AA23 UnsupportedExecutionMode", &op, None);
    let call = alice.execute_batch(&third_bad);
    let op = send(stage, alice, &scene.using(5)?, &scene.frontend, call)?;
    report.step("a batch whose third call is bad", "refused: AA23 ValueOverLimit", &op, None);
    let mallory = stage::key("mallory")?;
    let op = send(stage, alice, &scene.using(1)?, &mallory, alice.execute(&good))?;
    report.step("a wrong delegate key", "refused: AA24", &op, None);
    let op = send(stage, bob, &scene.using(1)?, &scene.frontend, bob.execute(&good))?;
    report.step("Bob presents Alice's session", "refused: AA23 SessionNotEnabled", &op, None);
    Ok(())
}

fn play_endings(
    report: &mut Report,
    stage: &mut Stage,
    alice: &OzAccount,
    scene: &Scene,
) -> Result<(), StageError> {
    report.tell("Two hours later the session ends by itself.");
    stage.chain.warp(TWO_HOURS.saturating_add(1));
    let good = alice.execute(&a_move(stage, 9, 10));
    let op = send(stage, alice, &scene.using(1)?, &scene.frontend, good.clone())?;
    report.step("a move after the session's end", "refused: AA22", &op, None);

    report.tell("Alice signs a second session, and revokes it.");
    let second = Scene::new(stage, alice, 2)?;
    let op = send(stage, alice, &second.enabling(1)?, &second.frontend, good.clone())?;
    report.step("enable the second session and move", "executed", &op, Some(PEER_ENABLE));
    let revoke = ISmartSession::revokeCall { sessionId: second.session.id() }.abi_encode();
    let op = stage.owner_op(alice, alice.execute(&Call::new(stage.module, revoke)))?;
    report.step("Alice revokes the second session", "executed", &op, None);
    let op = send(stage, alice, &second.using(1)?, &second.frontend, good.clone())?;
    report.step("a move after that", "refused: AA23 SessionRevokedForEver", &op, None);
    let op = send(stage, alice, &second.enabling(1)?, &second.frontend, good)?;
    report.step(
        "a move with Alice's still valid signature",
        "refused: AA23 SessionRevokedForEver",
        &op,
        None,
    );
    Ok(())
}

fn a_move(stage: &Stage, step: u8, thousandths: u64) -> Call {
    Call::new(stage.game, IGame::moveCall { step }.abi_encode()).with_value(ether(thousandths))
}

fn send(
    stage: &mut Stage,
    account: &OzAccount,
    draft: &OperationDraft,
    delegate: &SoftwareKey,
    call_data: Bytes,
) -> Result<OpOutcome, StageError> {
    let op = stage.session_op(account, draft, delegate, call_data)?;
    stage.send(op)
}
