//! ERC-1271 through a session, on every account: a token takes a delegate's permit.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{Eip712Domain, SolCall, SolStruct, eip712_domain, sol};
use smart_session_client::MessageDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::{ArgumentRule, Session, SigningScope};
use stylus_devchain::{Outcome, Transaction};
use testbed::abi::IPermitToken;
use testbed::test_bed::ether;

use super::case::AccountCase;

sol! {
    /// ERC-2612.
    struct Permit { address owner; address spender; uint256 value; uint256 nonce; uint256 deadline; }
    /// Permit2.
    struct TokenPermissions { address token; uint256 amount; }
    struct PermitTransferFrom {
        TokenPermissions permitted; address spender; uint256 nonce; uint256 deadline;
    }
}

const SHOP: Address = Address::repeat_byte(0x50);

/// A token, and a session that may sign permits for a shop, of up to 100.
struct Signing {
    token: Address,
    domain: Eip712Domain,
    session: Session,
}

fn equal(index: u8, word: B256) -> ArgumentRule {
    let word = U256::from_be_bytes(word.0);
    ArgumentRule { index, min: word, max: word }
}

/// Sets it up: the token is deployed, the session is enabled.
fn set_up(case: &mut AccountCase) -> Signing {
    let token = case.bed.deploy("PermitToken").unwrap();
    let chain_id = case.bed.chain.chain_id();
    let domain = eip712_domain! {
        name: "Coin", version: "1", chain_id: chain_id, verifying_contract: token,
    };
    let told = case.bed.ask(token, &IPermitToken::DOMAIN_SEPARATORCall {}).unwrap();
    assert_eq!(told, domain.hash_struct(), "the token's own");
    let type_hash = |text: String| keccak256(text.as_bytes());
    let permitted = TokenPermissions { token, amount: U256::from(70) };
    let scopes = vec![
        SigningScope {
            domain_separator: told,
            type_hash: type_hash(Permit::eip712_encode_type().into()),
            rules: vec![
                equal(1, SHOP.into_word()),
                ArgumentRule { index: 2, min: U256::ZERO, max: U256::from(100) },
            ],
        },
        SigningScope {
            domain_separator: told,
            type_hash: type_hash(PermitTransferFrom::eip712_encode_type().into()),
            rules: vec![equal(0, permitted.eip712_hash_struct()), equal(1, SHOP.into_word())],
        },
    ];
    case.with_session(|session| session.signing = scopes);
    let op = case.enable_and_move();
    assert_eq!(op.verdict.summary(), "executed", "{case}");
    let session = case.game.session.clone();
    Signing { token, domain, session }
}

/// A delegate's signature of words within a scope, as the module reads it.
fn signature(case: &AccountCase, hash: B256, scope: u8, words: &[u8]) -> Bytes {
    let words: Vec<B256> = words.chunks(32).map(B256::from_slice).collect();
    let draft = MessageDraft::new(&case.game.session, scope, &words).unwrap();
    let digest = draft.digest(case.bed.module, hash);
    draft.sealed(&case.game.delegate.sign(digest).unwrap())
}

/// What goes to a verifier: the account's routing to the module, then the module's own bytes.
fn routed(case: &AccountCase, signature: &[u8]) -> Bytes {
    [&case.account.route(case.bed.module)[..], signature].concat().into()
}

/// The bytes of a permit's words behind its type hash.
fn words(data: &impl SolStruct) -> Vec<u8> {
    data.eip712_encode_data()
}

fn send(case: &mut AccountCase, from: Address, to: Address, call: &impl SolCall) -> Outcome {
    case.bed.chain.set_balance(from, ether(10_000));
    let call = Transaction::new(from, to).with_data(call.abi_encode());
    case.bed.chain.transact(call.with_gas_limit(3_000_000)).unwrap()
}

fn permit(case: &AccountCase, value: u64) -> Permit {
    Permit {
        owner: case.account.address(),
        spender: SHOP,
        value: U256::from(value),
        nonce: U256::ZERO,
        deadline: U256::from(case.bed.chain.timestamp() + 600),
    }
}

/// Has a delegate sign a permit and a stranger bring it to the token.
fn bring(case: &mut AccountCase, signing: &Signing, permit: &Permit) -> Outcome {
    let digest = permit.eip712_signing_hash(&signing.domain);
    let asked = case.account.asked_about(digest);
    let signature = routed(case, &signature(case, asked, 0, &words(permit)));
    let call = IPermitToken::permitCall {
        owner: permit.owner,
        spender: permit.spender,
        value: permit.value,
        deadline: permit.deadline,
        signature,
    };
    send(case, Address::repeat_byte(0x77), signing.token, &call)
}

fn allowance(case: &AccountCase, signing: &Signing) -> U256 {
    let call = IPermitToken::allowanceCall { owner: case.account.address(), spender: SHOP };
    case.bed.ask(signing.token, &call).unwrap()
}

pub(crate) fn a_token_takes_a_permit_that_a_delegate_signs(mut case: AccountCase) {
    let signing = set_up(&mut case);
    let permit = permit(&case, 100);

    let outcome = bring(&mut case, &signing, &permit);

    assert!(outcome.is_success(), "{case}: {}", outcome.output);
    assert_eq!(allowance(&case, &signing), U256::from(100));
}

pub(crate) fn a_permit_out_of_its_bounds_is_refused(mut case: AccountCase) {
    let signing = set_up(&mut case);
    let too_much = permit(&case, 101);
    let elsewhere = Permit { spender: Address::repeat_byte(0x51), ..permit(&case, 1) };

    for permit in [too_much, elsewhere] {
        let outcome = bring(&mut case, &signing, &permit);
        assert!(!outcome.is_success(), "{case}");
    }
    assert_eq!(allowance(&case, &signing), U256::ZERO);
}

pub(crate) fn a_struct_within_the_struct_is_bound_by_its_hash(mut case: AccountCase) {
    let signing = set_up(&mut case);
    let account = case.account.address();
    let mint = IPermitToken::mintCall { to: account, amount: U256::from(500) };
    assert!(send(&mut case, SHOP, signing.token, &mint).is_success());
    let deadline = U256::from(case.bed.chain.timestamp() + 600);

    for (amount, is_taken) in [(71_u64, false), (70, true)] {
        let amount = U256::from(amount);
        let data = PermitTransferFrom {
            permitted: TokenPermissions { token: signing.token, amount },
            spender: SHOP,
            nonce: U256::ZERO,
            deadline,
        };
        let digest = data.eip712_signing_hash(&signing.domain);
        let asked = case.account.asked_about(digest);
        let signature = routed(&case, &signature(&case, asked, 1, &words(&data)));
        let call = IPermitToken::permitTransferFromCall {
            owner: account,
            to: SHOP,
            amount,
            deadline,
            signature,
        };

        let outcome = send(&mut case, SHOP, signing.token, &call);

        assert_eq!(outcome.is_success(), is_taken, "{case}: {amount}");
    }
    let balance = IPermitToken::balanceOfCall { owner: SHOP };
    assert_eq!(case.bed.ask(signing.token, &balance).unwrap(), U256::from(70));
}

pub(crate) fn a_revoked_or_expired_session_signs_nothing(mut case: AccountCase) {
    let signing = set_up(&mut case);
    let good = permit(&case, 5);
    let mut expired = case.clone();
    let end = signing.session.window.valid_until().seconds();
    expired.bed.chain.warp(end + 1 - expired.bed.chain.timestamp());
    let late = permit(&expired, 5);
    assert!(!bring(&mut expired, &signing, &late).is_success(), "{case}: expired");

    let session_id = signing.session.id();
    case.owner_calls_module(&ISmartSession::revoke_0Call { sessionId: session_id });
    assert!(!bring(&mut case, &signing, &good).is_success(), "{case}: revoked");
}
