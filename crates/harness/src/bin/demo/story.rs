//! Alice lets a game's frontend key move for her: two hours, one function, 0.01 ETH per move.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use harness::OzAccount;
use harness::abi::IGame;
use harness::account::{self, Call, SmartAccount};
use harness::game::{GameSession, TWO_HOURS};
use harness::stage::{self, Stage, StageError};
use session_core::abi::ISmartSession;

use crate::report::{Peer, Report};
use crate::second_act;

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
    let scene = GameSession::new(&stage, &alice, 1)?;
    play_moves(report, &mut stage, &alice, &scene)?;
    play_refusals(report, &mut stage, &alice, &bob, &scene)?;
    play_endings(report, &mut stage, &alice, &scene)?;
    second_act::play(report, &mut stage, &alice)
}

fn play_moves(
    report: &mut Report,
    stage: &mut Stage,
    alice: &OzAccount,
    scene: &GameSession,
) -> Result<(), StageError> {
    report.tell("The frontend plays: its first operation carries Alice's signature.");
    let one = alice.execute(&stage.a_move(1, 10));
    let op = stage.act(alice, &scene.enabling(1)?, &scene.delegate, one)?;
    report.step("enable the session and move", "executed", &op, Some(PEER_ENABLE));
    for (step, name) in [(2, "move"), (3, "move again")] {
        let call = alice.execute(&stage.a_move(step, 10));
        let op = stage.act(alice, &scene.using(1)?, &scene.delegate, call)?;
        report.step(name, "executed", &op, Some(PEER_USE));
    }
    let five: Vec<Call> = (4..9).map(|step| stage.a_move(step, 10)).collect();
    let op = stage.act(alice, &scene.using(5)?, &scene.delegate, alice.execute_batch(&five))?;
    report.step("five moves in one batch", "executed", &op, Some(PEER_BATCH));
    Ok(())
}

fn play_refusals(
    report: &mut Report,
    stage: &mut Stage,
    alice: &OzAccount,
    bob: &OzAccount,
    scene: &GameSession,
) -> Result<(), StageError> {
    report.tell("What the session does not allow is refused, before it runs.");
    let good = stage.a_move(9, 10);
    let withdraw = IGame::withdrawCall { amount: U256::from(1) }.abi_encode();
    let other_game = Call { target: stage.owner_validator, ..good.clone() };
    let to_account = Call::new(alice.address(), good.data.clone());
    let revoke = ISmartSession::revoke_0Call { sessionId: scene.session.id() }.abi_encode();
    let third_bad = [good.clone(), good.clone(), stage.a_move(9, 20), good.clone(), good.clone()];
    let mut delegatecall = stage.game.to_vec();
    delegatecall.extend(&good.data);

    let singles = [
        ("another contract", "refused: AA23 TargetNotPermitted", other_game),
        (
            "another function of the game",
            "refused: AA23 SelectorNotPermitted",
            Call::new(stage.game, withdraw),
        ),
        ("0.02 ETH", "refused: AA23 ValueOverLimit", stage.a_move(9, 20)),
        ("Alice's account itself", "refused: AA23 BannedTarget", to_account),
        ("the session module", "refused: AA23 BannedTarget", Call::new(stage.module, revoke)),
    ];
    for (name, expected, call) in singles {
        let op = stage.act(alice, &scene.using(1)?, &scene.delegate, alice.execute(&call))?;
        report.step(name, expected, &op, None);
    }
    let call = account::execute(account::mode(0xff, 0), delegatecall);
    let op = stage.act(alice, &scene.using(1)?, &scene.delegate, call)?;
    report.step("a delegatecall", "refused: AA23 UnsupportedExecutionMode", &op, None);
    let call = alice.execute_batch(&third_bad);
    let op = stage.act(alice, &scene.using(5)?, &scene.delegate, call)?;
    report.step("a batch whose third call is bad", "refused: AA23 ValueOverLimit", &op, None);
    let mallory = stage::key("mallory")?;
    let op = stage.act(alice, &scene.using(1)?, &mallory, alice.execute(&good))?;
    report.step("a wrong delegate key", "refused: AA24", &op, None);
    let op = stage.act(bob, &scene.using(1)?, &scene.delegate, bob.execute(&good))?;
    report.step("Bob presents Alice's session", "refused: AA23 SessionNotEnabled", &op, None);
    Ok(())
}

fn play_endings(
    report: &mut Report,
    stage: &mut Stage,
    alice: &OzAccount,
    scene: &GameSession,
) -> Result<(), StageError> {
    report.tell("Two hours later the session ends by itself.");
    stage.chain.warp(TWO_HOURS.saturating_add(1));
    let good = alice.execute(&stage.a_move(9, 10));
    let op = stage.act(alice, &scene.using(1)?, &scene.delegate, good.clone())?;
    report.step("a move after the session's end", "refused: AA22", &op, None);

    report.tell("Alice signs a second session, and revokes it.");
    let second = GameSession::new(stage, alice, 2)?;
    let op = stage.act(alice, &second.enabling(1)?, &second.delegate, good.clone())?;
    report.step("enable the second session and move", "executed", &op, Some(PEER_ENABLE));
    let revoke = ISmartSession::revoke_0Call { sessionId: second.session.id() }.abi_encode();
    let op = stage.owner_op(alice, alice.execute(&Call::new(stage.module, revoke)))?;
    report.step("Alice revokes the second session", "executed", &op, None);
    let op = stage.act(alice, &second.using(1)?, &second.delegate, good.clone())?;
    report.step("a move after that", "refused: AA23 SessionRevokedForEver", &op, None);
    let op = stage.act(alice, &second.enabling(1)?, &second.delegate, good)?;
    report.step(
        "a move with Alice's still valid signature",
        "refused: AA23 SessionRevokedForEver",
        &op,
        None,
    );
    Ok(())
}
