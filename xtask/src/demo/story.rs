//! Alice lets a game's frontend key move for her: two hours, one function, 0.01 ETH per move.

use std::error::Error;

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession;
use stylus_devchain::ArbOs;
use testbed::OzAccount;
use testbed::abi::IGame;
use testbed::account::{self, Call, SmartAccount};
use testbed::game::{GameSession, TWO_HOURS};
use testbed::test_bed::{self, TestBed, TestBedError};

use super::report::{Peer, Report};
use super::{beyond_bundlers, sponsored};

/// `SmartSession`, a true cap per call, lean signer.
const PEER_ENABLE: Peer = Peer { tx_gas: 852_047, module_gas: 747_717 };
const PEER_USE: Peer = Peer { tx_gas: 157_111, module_gas: 59_482 };
const PEER_BATCH: Peer = Peer { tx_gas: 228_606, module_gas: 84_571 };

/// Tells the story, under the rules of a version of `ArbOS`.
pub(crate) fn tell(report: &mut Report, arbos: ArbOs) -> Result<(), Box<dyn Error>> {
    report.tell("Setting up: EntryPoint v0.7, the session module, two OpenZeppelin accounts.");
    let mut bed = TestBed::set_under(arbos)?;
    let alice = bed.oz_account("alice")?;
    let bob = bed.oz_account("bob")?;
    bed.install(&alice)?;
    bed.install(&bob)?;

    report.tell(
        "Alice signs a session: the game's frontend key may call move(uint8) of the game and\n\
         nothing else, for two hours, with at most 0.01 ETH each time, 100 times at most.\n\
         Nothing is sent for it.",
    );
    let granted = GameSession::new(&bed, &alice, 1)?;
    show_moves(report, &mut bed, &alice, &granted)?;
    show_refusals(report, &mut bed, &alice, &bob, &granted)?;
    show_endings(report, &mut bed, &alice, &granted)?;
    beyond_bundlers::tell(report, &mut bed, &alice)?;
    sponsored::tell(report, &mut bed)
}

fn show_moves(
    report: &mut Report,
    bed: &mut TestBed,
    alice: &OzAccount,
    granted: &GameSession,
) -> Result<(), TestBedError> {
    report.tell("The frontend plays: its first operation carries Alice's signature.");
    let one = alice.execute(&bed.a_move(1, 10));
    let op = bed.act(alice, &granted.enabling(1)?, &granted.delegate, one)?;
    report.step("enable the session and move", "executed", &op, Some(PEER_ENABLE));
    for (step, name) in [(2, "move"), (3, "move again")] {
        let call = alice.execute(&bed.a_move(step, 10));
        let op = bed.act(alice, &granted.using(1)?, &granted.delegate, call)?;
        report.step(name, "executed", &op, Some(PEER_USE));
    }
    let five: Vec<Call> = (4..9).map(|step| bed.a_move(step, 10)).collect();
    let op = bed.act(alice, &granted.using(5)?, &granted.delegate, alice.execute_batch(&five))?;
    report.step("five moves in one batch", "executed", &op, Some(PEER_BATCH));
    Ok(())
}

fn show_refusals(
    report: &mut Report,
    bed: &mut TestBed,
    alice: &OzAccount,
    bob: &OzAccount,
    granted: &GameSession,
) -> Result<(), TestBedError> {
    report.tell("What the session does not allow is refused, before it runs.");
    let good = bed.a_move(9, 10);
    let withdraw = IGame::withdrawCall { amount: U256::from(1) }.abi_encode();
    let other_game = Call { target: bed.owner_validator, ..good.clone() };
    let to_account = Call::new(alice.address(), good.data.clone());
    let revoke = ISmartSession::revoke_0Call { sessionId: granted.session.id() }.abi_encode();
    let third_bad = [good.clone(), good.clone(), bed.a_move(9, 20), good.clone(), good.clone()];
    let mut delegatecall = bed.game.to_vec();
    delegatecall.extend(&good.data);

    let singles = [
        ("another contract", "refused: AA23 TargetNotPermitted", other_game),
        (
            "another function of the game",
            "refused: AA23 SelectorNotPermitted",
            Call::new(bed.game, withdraw),
        ),
        ("0.02 ETH", "refused: AA23 ValueOverLimit", bed.a_move(9, 20)),
        ("Alice's account itself", "refused: AA23 BannedTarget", to_account),
        ("the session module", "refused: AA23 BannedTarget", Call::new(bed.module, revoke)),
    ];
    for (name, expected, call) in singles {
        let op = bed.act(alice, &granted.using(1)?, &granted.delegate, alice.execute(&call))?;
        report.step(name, expected, &op, None);
    }
    let call = account::execute(account::mode(0xff, 0), delegatecall);
    let op = bed.act(alice, &granted.using(1)?, &granted.delegate, call)?;
    report.step("a delegatecall", "refused: AA23 UnsupportedExecutionMode", &op, None);
    let call = alice.execute_batch(&third_bad);
    let op = bed.act(alice, &granted.using(5)?, &granted.delegate, call)?;
    report.step("a batch whose third call is bad", "refused: AA23 ValueOverLimit", &op, None);
    let mallory = test_bed::key("mallory")?;
    let op = bed.act(alice, &granted.using(1)?, &mallory, alice.execute(&good))?;
    report.step("a wrong delegate key", "refused: AA24", &op, None);
    let op = bed.act(bob, &granted.using(1)?, &granted.delegate, bob.execute(&good))?;
    report.step("Bob presents Alice's session", "refused: AA23 SessionNotEnabled", &op, None);
    Ok(())
}

fn show_endings(
    report: &mut Report,
    bed: &mut TestBed,
    alice: &OzAccount,
    granted: &GameSession,
) -> Result<(), TestBedError> {
    report.tell("Two hours later the session ends by itself.");
    bed.chain.warp(TWO_HOURS.saturating_add(1));
    let good = alice.execute(&bed.a_move(9, 10));
    let op = bed.act(alice, &granted.using(1)?, &granted.delegate, good.clone())?;
    report.step("a move after the session's end", "refused: AA22", &op, None);

    report.tell("Alice signs a second session, and revokes it.");
    let second = GameSession::new(bed, alice, 2)?;
    let op = bed.act(alice, &second.enabling(1)?, &second.delegate, good.clone())?;
    report.step("enable the second session and move", "executed", &op, Some(PEER_ENABLE));
    let revoke = ISmartSession::revoke_0Call { sessionId: second.session.id() }.abi_encode();
    let op = bed.owner_op(alice, alice.execute(&Call::new(bed.module, revoke)))?;
    report.step("Alice revokes the second session", "executed", &op, None);
    let op = bed.act(alice, &second.using(1)?, &second.delegate, good.clone())?;
    report.step("a move after that", "refused: AA23 SessionRevokedForEver", &op, None);
    let op = bed.act(alice, &second.enabling(1)?, &second.delegate, good)?;
    report.step(
        "a move with Alice's still valid signature",
        "refused: AA23 SessionRevokedForEver",
        &op,
        None,
    );
    Ok(())
}
