//! What goes without a bundler: direct calls, and signatures for apps.

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct, eip712_domain, sol};
use smart_session_client::MessageDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::{ArgumentRule, SigningScope};
use stylus_devchain::{Outcome, Transaction};
use testbed::OzAccount;
use testbed::abi::IPermitToken;
use testbed::account::{ModuleType, SmartAccount, packed};
use testbed::game::GameSession;
use testbed::test_bed::{self, TestBed, TestBedError, ether};

use super::report::Report;

sol! {
    /// ERC-2612.
    struct Permit { address owner; address spender; uint256 value; uint256 nonce; uint256 deadline; }
}

const SHOP: Address = Address::repeat_byte(0x50);
/// The most that the session may sign away in one permit.
const MOST: u64 = 100;

/// Tells it.
pub(crate) fn tell(
    report: &mut Report,
    bed: &mut TestBed,
    alice: &OzAccount,
) -> Result<(), TestBedError> {
    report.tell(
        "Without a bundler. Alice installs the module as an executor too, and signs a third session: it\n\
         may also sign permits of a token, for one shop, of at most 100.",
    );
    let token = bed.deploy("PermitToken")?;
    let session = third_session(bed, alice, token)?;
    let route = alice.owner_route();
    let length = u8::try_from(route.len()).unwrap_or(u8::MAX);
    let data = [&[2, length][..], &route, &[0]].concat().into();
    let op = bed.owner_op(alice, alice.install_module(ModuleType::Executor, bed.module, data))?;
    report.step("install the module as an executor", "executed", &op, None);

    report.tell("The frontend needs no bundler: it sends a plain transaction, and pays for it.");
    let delegate = session.delegate.address();
    let first = direct(bed, alice, &session.enabling(1)?.sealed(&[]), delegate)?;
    report.transaction("enable the third session and move", "executed", &first);
    let using = session.using(1)?.sealed(&[]);
    let outcome = direct(bed, alice, &using, delegate)?;
    report.transaction("move", "executed", &outcome);
    let outcome = direct(bed, alice, &using, test_bed::key("mallory")?.address())?;
    report.transaction("a stranger sends the same", "refused: NotDelegate", &outcome);

    report.tell("The token asks Alice's account about what the frontend's key has signed.");
    for (name, expected, value) in [
        ("a permit of 100", "executed", MOST),
        ("a permit of 101", "refused: by the called contract", MOST.saturating_add(1)),
    ] {
        let outcome = permit(bed, alice, &session, token, value)?;
        report.transaction(name, expected, &outcome);
    }
    Ok(())
}

fn third_session(
    bed: &TestBed,
    alice: &OzAccount,
    token: Address,
) -> Result<GameSession, TestBedError> {
    let shop = U256::from_be_bytes(SHOP.into_word().0);
    let domain_separator = bed.ask(token, &IPermitToken::DOMAIN_SEPARATORCall {})?;
    let scope = SigningScope {
        domain_separator,
        type_hash: keccak256(Permit::eip712_encode_type().as_bytes()),
        rules: vec![
            ArgumentRule { index: 1, min: shop, max: shop },
            ArgumentRule { index: 2, min: U256::ZERO, max: U256::from(MOST) },
        ],
    };
    GameSession::with(bed, alice, |session| {
        session.salt = 3;
        session.signing = vec![scope];
    })
}

/// Sends one move on the direct path.
fn direct(
    bed: &mut TestBed,
    alice: &OzAccount,
    session: &[u8],
    from: Address,
) -> Result<Outcome, TestBedError> {
    let call = ISmartSession::executeCall {
        account: alice.address(),
        session: session.to_vec().into(),
        mode: B256::ZERO,
        executionCalldata: packed(&bed.a_move(1, 10)).into(),
    };
    send(bed, from, bed.module, &call)
}

/// Has the frontend's key sign a permit, and the shop bring it to the token.
fn permit(
    bed: &mut TestBed,
    alice: &OzAccount,
    session: &GameSession,
    token: Address,
    value: u64,
) -> Result<Outcome, TestBedError> {
    let permit = Permit {
        owner: alice.address(),
        spender: SHOP,
        value: U256::from(value),
        nonce: U256::ZERO,
        deadline: U256::from(bed.chain.timestamp().saturating_add(600)),
    };
    let chain_id = bed.chain.chain_id();
    let domain = eip712_domain! {
        name: "Coin", version: "1", chain_id: chain_id, verifying_contract: token,
    };
    let words: Vec<B256> =
        permit.eip712_encode_data().chunks_exact(32).map(B256::from_slice).collect();
    let draft = MessageDraft::new(&session.session, 0, &words)?;
    let digest = draft.digest(bed.module, permit.eip712_signing_hash(&domain));
    let sealed = draft.sealed(&session.delegate.sign(digest)?);
    let call = IPermitToken::permitCall {
        owner: permit.owner,
        spender: permit.spender,
        value: permit.value,
        deadline: permit.deadline,
        signature: [&alice.route(bed.module)[..], &sealed].concat().into(),
    };
    send(bed, SHOP, token, &call)
}

fn send(
    bed: &mut TestBed,
    from: Address,
    to: Address,
    call: &impl SolCall,
) -> Result<Outcome, TestBedError> {
    bed.chain.set_balance(from, ether(1_000));
    let transaction = Transaction::new(from, to).with_data(call.abi_encode());
    Ok(bed.chain.transact(transaction.with_gas_limit(3_000_000))?)
}
