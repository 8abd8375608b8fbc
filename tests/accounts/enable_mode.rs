//! The ways in which Nexus and Kernel install a module within an operation, if a signature under
//! ERC-1271 allows it: a session signs for none of them, whatever its scopes say.
//!
//! Both ask the validator with the account itself as the one who asks, which the module never
//! answers. The sessions here may sign exactly what the account asks about, so that nothing else
//! can be the reason.

use alloy_primitives::{Address, B256, Bytes, FixedBytes, U256, aliases::U192, keccak256};
use alloy_sol_types::{Eip712Domain, SolCall, SolStruct, SolValue, sol};
use smart_session_client::MessageDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::{Session, SigningScope};
use stylus_devchain::Outcome;
use testbed::abi::{IAccount7579, IErc1271, IErc5267, IKernel, IValidator, PackedUserOperation};
use testbed::account::{Deployer, ModuleType};
use testbed::fixtures::EntryPointVersion;
use testbed::test_bed::{ether, install_data, key};
use testbed::{AccountKind, GameSession, OpOutcome, TestBed};

use super::everywhere::account_setup::AccountSetup;

sol! {
    /// What Nexus asks about.
    struct ModuleEnableMode {
        address module; uint256 moduleType; bytes32 userOpHash; bytes32 initDataHash;
    }
    /// What Kernel asks about.
    struct Enable {
        bytes21 validationId; uint32 nonce; address hook; bytes validatorData; bytes hookData;
        bytes selectorData;
    }
}

const ERC1271_FAILED: [u8; 4] = [0xff; 4];

/// Returns the account's own domain, as it tells it.
fn domain_of(bed: &TestBed, account: Address) -> Eip712Domain {
    let told = bed.ask(account, &IErc5267::eip712DomainCall {}).unwrap();
    Eip712Domain::new(
        Some(told.name.into()),
        Some(told.version.into()),
        Some(told.chainId),
        Some(told.verifyingContract),
        None,
    )
}

/// Returns the scope that covers every struct of a type in a domain.
fn scope<T: SolStruct>(domain: &Eip712Domain) -> SigningScope {
    SigningScope {
        domain_separator: domain.separator(),
        type_hash: keccak256(T::eip712_encode_type().as_bytes()),
        rules: vec![],
    }
}

/// Returns the delegate's signature of a struct, as the module reads it.
fn session_signature<T: SolStruct>(
    bed: &TestBed,
    game: &GameSession,
    domain: &Eip712Domain,
    data: &T,
) -> Bytes {
    let words = data.eip712_encode_data();
    let words: Vec<B256> = words.chunks(32).map(B256::from_slice).collect();
    let draft = MessageDraft::new(&game.session, 0, &words).unwrap();
    let digest = draft.digest(bed.module, data.eip712_signing_hash(domain));
    draft.sealed(&game.delegate.sign(digest).unwrap())
}

/// Returns what the module answered when it was asked for a signature, the last time.
fn answer(outcome: &Outcome, module: Address) -> Bytes {
    let selector = IValidator::isValidSignatureWithSenderCall::SELECTOR;
    let asked = outcome.frames_to(module).filter(|frame| frame.input.starts_with(&selector));
    asked.last().unwrap().output.clone()
}

/// Nexus' operation that installs the module as executor too, which makes one move besides.
struct NexusEnable {
    setup: AccountSetup,
    domain: Eip712Domain,
    op: PackedUserOperation,
    allowance: ModuleEnableMode,
    data: Bytes,
}

impl NexusEnable {
    fn new() -> Self {
        let mut setup = AccountSetup::on(AccountKind::Nexus, EntryPointVersion::V07);
        let account = setup.account.address();
        let domain = domain_of(&setup.bed, account);
        setup.with_session(|session| session.signing = vec![scope::<ModuleEnableMode>(&domain)]);
        assert_eq!(setup.enable_and_move().verdict.summary(), "executed");

        let module = setup.bed.module;
        let data = install_data(&*setup.account, ModuleType::Executor);
        // Three free bytes, the mode (1: enable), the validator.
        let enable = U192::from(1).wrapping_shl(160);
        let nonce_key = enable | setup.account.nonce_key(module);
        let call_data = setup.account.execute(&setup.bed.a_move(1, 10));
        let (chain, entry_point) = (&setup.bed.chain, setup.bed.entry_point);
        let op = entry_point.user_op(chain, account, nonce_key, call_data).unwrap();
        let allowance = ModuleEnableMode {
            module,
            moduleType: U256::from(2),
            userOpHash: entry_point.user_op_hash(chain, &op).unwrap(),
            initDataHash: keccak256(&data),
        };
        Self { setup, domain, op, allowance, data }
    }

    /// Sends it with a signature that allows the installation.
    fn send(mut self, allowing: &[u8]) -> (Self, OpOutcome) {
        let draft = self.setup.game.using(1).unwrap();
        let digest = draft.digest(self.setup.bed.module, self.allowance.userOpHash);
        let sealed = draft.sealed(&self.setup.game.delegate.sign(digest).unwrap());
        let with_length =
            |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
        self.op.signature = [
            self.allowance.module.as_slice(),
            &self.allowance.moduleType.to_be_bytes::<32>(),
            &with_length(&self.data),
            &with_length(allowing),
            &sealed,
        ]
        .concat()
        .into();
        let outcome = self.setup.bed.send(self.op.clone()).unwrap();
        (self, outcome)
    }
}

#[test]
fn nexus_installs_within_an_operation_if_its_owner_signs() {
    let enable = NexusEnable::new();
    let account = &enable.setup.account;
    let digest = enable.allowance.eip712_signing_hash(&enable.domain);
    let signature = [&account.owner_route()[..], &account.owner().sign(digest).unwrap()].concat();

    let (enable, op) = enable.send(&signature);

    assert_eq!(op.verdict.summary(), "executed");
    let mut setup = enable.setup;
    let draft = setup.game.using(1).unwrap();
    let call = [setup.bed.a_move(1, 10)];
    let outcome = super::everywhere::direct::send(&mut setup, &draft, &call);
    assert!(outcome.is_success(), "it is an executor now: {}", outcome.output);
}

#[test]
fn a_session_does_not_sign_for_an_installation_by_nexus() {
    let enable = NexusEnable::new();
    let (bed, account) = (&enable.setup.bed, enable.setup.account.address());
    let signature = session_signature(bed, &enable.setup.game, &enable.domain, &enable.allowance);
    let signature = [bed.module.as_slice(), &signature].concat();
    // The signature itself is sound: whoever else asks the account is told so.
    let hash = enable.allowance.eip712_signing_hash(&enable.domain);
    let question = IErc1271::isValidSignatureCall { hash, signature: signature.clone().into() };
    assert_eq!(bed.ask(account, &question).unwrap(), [0x16, 0x26, 0xba, 0x7e]);

    let (enable, op) = enable.send(&signature);

    assert_eq!(op.verdict.summary(), "refused: AA23");
    assert_eq!(answer(&op.outcome, enable.setup.bed.module)[..4], ERC1271_FAILED);
    assert_eq!(enable.setup.state(), (1, 1), "only the operation before");
}

/// Kernel's operation that installs a validator of the delegate's, which then validates it.
struct KernelEnable {
    bed: TestBed,
    account: Address,
    domain: Eip712Domain,
    op: PackedUserOperation,
    allowance: Enable,
}

impl KernelEnable {
    /// Returns it for a Kernel with a validator as its root. Only the root is asked.
    fn new(mut bed: TestBed, root: Address, data: Bytes) -> Self {
        let identifier = |validator: Address| {
            FixedBytes::<21>::from_slice(&[&[1], validator.as_slice()].concat())
        };
        let initialize = IKernel::initializeCall {
            rootValidator: identifier(root),
            hook: Address::ZERO,
            validatorData: data,
            hookData: Bytes::new(),
            initConfig: Vec::new(),
        };
        let entry_point = bed.entry_point;
        let kernel = Deployer::library(&mut bed, "Kernel", &entry_point.address.abi_encode());
        let factory = kernel
            .and_then(|kernel| Deployer::library(&mut bed, "KernelFactory", &kernel.abi_encode()));
        let create = IKernel::createAccountCall {
            data: initialize.abi_encode().into(),
            salt: B256::repeat_byte(7),
        };
        let account =
            Deployer::create_account(&mut bed, "creating Kernel", factory.unwrap(), &create);
        let account = account.unwrap();
        bed.chain.set_balance(account, ether(10_000));

        // The validator that the delegate brings along, with its own key as the owner.
        let validator = bed.deploy("WalletOwnerValidator").unwrap();
        let allowance = Enable {
            validationId: identifier(validator),
            nonce: 1,
            hook: Address::ZERO,
            validatorData: Bytes::copy_from_slice(key("mallory").unwrap().address().as_slice()),
            hookData: Bytes::new(),
            selectorData: Bytes::from(IAccount7579::executeCall::SELECTOR),
        };
        // The mode (1: enable), the type (1: validator), the validator, two free bytes.
        let nonce_key = [&[0x01, 0x01], validator.as_slice(), &[0, 0]].concat();
        let a_move = bed.a_move(1, 10);
        let call_data = testbed::account::execute(B256::ZERO, testbed::account::packed(&a_move));
        let op = entry_point
            .user_op(&bed.chain, account, U192::from_be_slice(&nonce_key), call_data)
            .unwrap();
        let domain = domain_of(&bed, account);
        Self { bed, account, domain, op, allowance }
    }

    fn send(&mut self, allowing: &[u8]) -> OpOutcome {
        let hash = self.bed.entry_point.user_op_hash(&self.bed.chain, &self.op).unwrap();
        let allowance = self.allowance.clone();
        let parts = (
            allowance.validatorData,
            allowance.hookData,
            allowance.selectorData,
            Bytes::copy_from_slice(allowing),
            Bytes::copy_from_slice(&key("mallory").unwrap().sign(hash).unwrap()),
        );
        self.op.signature = [allowance.hook.as_slice(), &parts.abi_encode_params()].concat().into();
        self.bed.send(self.op.clone()).unwrap()
    }
}

/// A bed that takes Kernel's code.
fn kernel_bed() -> TestBed {
    let mut bed = TestBed::set_for(EntryPointVersion::V07).unwrap();
    bed.account(AccountKind::Kernel, "another").unwrap();
    bed
}

#[test]
fn kernel_installs_within_an_operation_if_its_root_signs() {
    let bed = kernel_bed();
    let (root, owner) = (bed.owner_validator, key("alice").unwrap());
    let data = Bytes::copy_from_slice(owner.address().as_slice());
    let mut enable = KernelEnable::new(bed, root, data);
    let digest = enable.allowance.eip712_signing_hash(&enable.domain);

    let op = enable.send(&owner.sign(digest).unwrap());

    assert_eq!(op.verdict.summary(), "executed");
}

/// The module as root, against all advice: the delegate still installs nothing.
#[test]
fn a_session_does_not_sign_for_an_installation_by_kernel() {
    let bed = kernel_bed();
    let module = bed.module;
    let mut enable = KernelEnable::new(bed, module, vec![0x01, 0x00, 0x00].into());
    let (account, domain) = (enable.account, enable.domain.clone());
    let game = root_session(&enable.bed, account, |session| {
        session.signing = vec![scope::<Enable>(&domain)];
    });
    let session = game.session.pack().unwrap().into();
    let data = ISmartSession::enable_0Call { session }.abi_encode();
    let call = stylus_devchain::Transaction::new(account, module).with_data(data);
    assert!(enable.bed.chain.transact(call).unwrap().is_success());
    let signature = session_signature(&enable.bed, &game, &domain, &enable.allowance);

    let op = enable.send(&signature);

    assert_eq!(op.verdict.summary(), "refused: AA23");
    assert_eq!(answer(&op.outcome, module)[..4], ERC1271_FAILED);
}

/// Returns the game session of an account that has no owner but its root validator.
fn root_session(bed: &TestBed, account: Address, change: impl FnOnce(&mut Session)) -> GameSession {
    let owner = AccountSetup::on(AccountKind::OpenZeppelin, EntryPointVersion::V07).account;
    GameSession::with(bed, &*owner, |session| {
        session.account = account;
        change(session);
    })
    .unwrap()
}
