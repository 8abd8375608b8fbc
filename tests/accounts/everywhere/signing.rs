//! ERC-1271 through a session, on every account: a token takes a delegate's permit.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{Eip712Domain, SolCall, SolStruct, eip712_domain, sol};
use smart_session_client::MessageDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::{ArgumentRule, Session, SigningScope};
use stylus_devchain::Outcome;
use testbed::Backend;
use testbed::abi::IPermitToken;
use testbed::test_bed::key;

use super::account_setup::AccountSetup;

sol! {
    /// ERC-2612.
    struct Permit { address owner; address spender; uint256 value; uint256 nonce; uint256 deadline; }
    /// Permit2.
    struct TokenPermissions { address token; uint256 amount; }
    struct PermitTransferFrom {
        TokenPermissions permitted; address spender; uint256 nonce; uint256 deadline;
    }
}

/// A token, and a session that may sign permits for a shop, of up to 100.
pub(crate) struct Signing {
    token: Address,
    domain: Eip712Domain,
    pub(crate) session: Session,
}

fn equal(index: u8, word: B256) -> ArgumentRule {
    let word = U256::from_be_bytes(word.0);
    ArgumentRule { index, min: word, max: word }
}

/// Sets it up: the token is deployed, the session is enabled.
pub(crate) fn set_up(setup: &mut AccountSetup<impl Backend>) -> Signing {
    let token = setup.bed.deploy("PermitToken").unwrap();
    let chain_id = Backend::chain_id(&setup.bed.chain);
    let domain = eip712_domain! {
        name: "Coin", version: "1", chain_id: chain_id, verifying_contract: token,
    };
    let told = setup.bed.ask(token, &IPermitToken::DOMAIN_SEPARATORCall {}).unwrap();
    assert_eq!(told, domain.hash_struct(), "the token's own");
    let type_hash = |text: String| keccak256(text.as_bytes());
    let permitted = TokenPermissions { token, amount: U256::from(70) };
    let scopes = vec![
        SigningScope {
            domain_separator: told,
            type_hash: type_hash(Permit::eip712_encode_type().into()),
            rules: vec![
                equal(1, shop().into_word()),
                ArgumentRule { index: 2, min: U256::ZERO, max: U256::from(100) },
            ],
        },
        SigningScope {
            domain_separator: told,
            type_hash: type_hash(PermitTransferFrom::eip712_encode_type().into()),
            rules: vec![equal(0, permitted.eip712_hash_struct()), equal(1, shop().into_word())],
        },
    ];
    setup.with_session(|session| session.signing = scopes);
    let op = setup.enable_and_move();
    assert_eq!(op.verdict.summary(), "executed", "{setup}");
    let session = setup.game.session.clone();
    Signing { token, domain, session }
}

/// A delegate's signature of words within a scope, as the module reads it.
fn signature(setup: &AccountSetup<impl Backend>, hash: B256, scope: u8, words: &[u8]) -> Bytes {
    let words: Vec<B256> = words.chunks(32).map(B256::from_slice).collect();
    let draft = MessageDraft::new(&setup.game.session, scope, &words).unwrap();
    let digest = draft.digest(setup.bed.module, hash);
    draft.sealed(&setup.game.delegate.sign(digest).unwrap())
}

/// What goes to a verifier: the account's routing to the module, then the module's own bytes.
fn routed(setup: &AccountSetup<impl Backend>, signature: &[u8]) -> Bytes {
    [&setup.account.route(setup.bed.module)[..], signature].concat().into()
}

/// The bytes of a permit's words behind its type hash.
fn words(data: &impl SolStruct) -> Vec<u8> {
    data.eip712_encode_data()
}

fn send(
    setup: &mut AccountSetup<impl Backend>,
    from: &str,
    to: Address,
    call: &impl SolCall,
) -> Outcome {
    setup.bed.chain.bring_as(&key(from).unwrap(), to, call.abi_encode().into()).unwrap()
}

/// Who may spend what a permit gives.
fn shop() -> Address {
    key("shop").unwrap().address()
}

pub(crate) fn permit(setup: &AccountSetup<impl Backend>, value: u64) -> Permit {
    Permit {
        owner: setup.account.address(),
        spender: shop(),
        value: U256::from(value),
        nonce: U256::ZERO,
        deadline: U256::from(setup.now() + 600),
    }
}

/// Has a delegate sign a permit and a stranger bring it to the token.
pub(crate) fn bring(
    setup: &mut AccountSetup<impl Backend>,
    signing: &Signing,
    permit: &Permit,
) -> Outcome {
    let digest = permit.eip712_signing_hash(&signing.domain);
    let asked = setup.account.asked_about(digest);
    let signature = routed(setup, &signature(setup, asked, 0, &words(permit)));
    let call = IPermitToken::permitCall {
        owner: permit.owner,
        spender: permit.spender,
        value: permit.value,
        deadline: permit.deadline,
        signature,
    };
    send(setup, "mallory", signing.token, &call)
}

fn allowance(setup: &AccountSetup<impl Backend>, signing: &Signing) -> U256 {
    let call = IPermitToken::allowanceCall { owner: setup.account.address(), spender: shop() };
    setup.bed.ask(signing.token, &call).unwrap()
}

pub(crate) fn a_token_takes_a_permit_that_a_delegate_signs(mut setup: AccountSetup<impl Backend>) {
    let signing = set_up(&mut setup);
    let permit = permit(&setup, 100);

    let outcome = bring(&mut setup, &signing, &permit);

    assert!(outcome.is_success(), "{setup}: {}", outcome.output);
    assert_eq!(allowance(&setup, &signing), U256::from(100));
}

pub(crate) fn a_permit_out_of_its_bounds_is_refused(mut setup: AccountSetup<impl Backend>) {
    let signing = set_up(&mut setup);
    let too_much = permit(&setup, 101);
    let elsewhere = Permit { spender: Address::repeat_byte(0x51), ..permit(&setup, 1) };

    for permit in [too_much, elsewhere] {
        let outcome = bring(&mut setup, &signing, &permit);
        assert!(!outcome.is_success(), "{setup}");
    }
    assert_eq!(allowance(&setup, &signing), U256::ZERO);
}

pub(crate) fn a_struct_within_the_struct_is_bound_by_its_hash(
    mut setup: AccountSetup<impl Backend>,
) {
    let signing = set_up(&mut setup);
    let account = setup.account.address();
    let mint = IPermitToken::mintCall { to: account, amount: U256::from(500) };
    assert!(send(&mut setup, "shop", signing.token, &mint).is_success());
    let deadline = U256::from(setup.now() + 600);

    for (amount, is_taken) in [(71_u64, false), (70, true)] {
        let amount = U256::from(amount);
        let data = PermitTransferFrom {
            permitted: TokenPermissions { token: signing.token, amount },
            spender: shop(),
            nonce: U256::ZERO,
            deadline,
        };
        let digest = data.eip712_signing_hash(&signing.domain);
        let asked = setup.account.asked_about(digest);
        let signature = routed(&setup, &signature(&setup, asked, 1, &words(&data)));
        let call = IPermitToken::permitTransferFromCall {
            owner: account,
            to: setup.receiver(),
            amount,
            deadline,
            signature,
        };

        let outcome = send(&mut setup, "shop", signing.token, &call);

        assert_eq!(outcome.is_success(), is_taken, "{setup}: {amount}");
    }
    let balance = IPermitToken::balanceOfCall { owner: setup.receiver() };
    assert_eq!(setup.bed.ask(signing.token, &balance).unwrap(), U256::from(70));
}

pub(crate) fn a_revoked_session_signs_nothing(mut setup: AccountSetup<impl Backend>) {
    let signing = set_up(&mut setup);
    let good = permit(&setup, 5);

    let session_id = signing.session.id();
    setup.owner_calls_module(&ISmartSession::revoke_0Call { sessionId: session_id });

    assert!(!bring(&mut setup, &signing, &good).is_success(), "{setup}: revoked");
}
