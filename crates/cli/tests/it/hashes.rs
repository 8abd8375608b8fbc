//! The hash of an operation, against what EntryPoints answer.

use alloy_primitives::{Address, B256, Bytes, keccak256};
use alloy_sol_types::SolCall;
use smart_session_client::{EntryPointVersion, UserOperation};
use testbed::TestBed;
use testbed::abi::{IEntryPoint, PackedUserOperation};
use testbed::fixtures::EntryPointVersion as Fixture;

/// Operations that differ in every field, with data of many lengths.
fn operations() -> impl Iterator<Item = UserOperation> {
    (0_u8..40).map(|seed| {
        let word = |field: u8| keccak256([seed, field]);
        let bytes =
            |field: u8, length: usize| -> Bytes { word(field).repeat(9)[..length].to_vec().into() };
        let length = usize::from(seed) * 7;
        UserOperation {
            sender: Address::from_word(word(0)),
            nonce: word(1).into(),
            // No initCode of EIP-7702: it begins with 0x7702.
            initCode: if seed % 3 == 0 { Bytes::new() } else { bytes(2, length) },
            callData: bytes(3, length),
            accountGasLimits: word(4),
            preVerificationGas: word(5).into(),
            gasFees: word(6),
            paymasterAndData: if seed % 2 == 0 { Bytes::new() } else { bytes(7, length) },
            signature: bytes(8, length),
        }
    })
}

/// Operations whose paymaster has appended its signature, or something that looks like one.
fn signed_by_paymasters() -> impl Iterator<Item = UserOperation> {
    // Bytes before the signature, and the length that is written behind it.
    let shapes = [(52, 0), (52, 1), (60, 65), (52, 8), (10, 0), (0, 0)];
    shapes.into_iter().zip(operations()).map(|((before, length), op)| {
        let written = u16::try_from(length).unwrap().to_be_bytes();
        let data = [&vec![0xaa; before][..], &vec![0xbb; length], &written, &suffix()].concat();
        UserOperation { paymasterAndData: data.into(), ..op }
    })
}

fn answer_of(bed: &TestBed, op: &UserOperation) -> B256 {
    let UserOperation { sender, nonce, initCode, callData, .. } = op.clone();
    let UserOperation { accountGasLimits, preVerificationGas, gasFees, .. } = *op;
    let UserOperation { paymasterAndData, signature, .. } = op.clone();
    let op = PackedUserOperation {
        sender,
        nonce,
        initCode,
        callData,
        accountGasLimits,
        preVerificationGas,
        gasFees,
        paymasterAndData,
        signature,
    };
    let call = IEntryPoint::getUserOpHashCall { userOp: op };
    assert_eq!(call.abi_encode()[..4], [0x22, 0xcd, 0xde, 0x4c], "getUserOpHash");
    bed.ask(bed.entry_point.address, &call).unwrap()
}

#[test]
fn an_operations_hash_is_the_entry_points_own_answer() {
    for (fixture, version) in Fixture::ALL.into_iter().zip(EntryPointVersion::ALL) {
        let bed = TestBed::set_for(fixture).unwrap();
        let address = bed.entry_point.address;
        // The release candidate of 0.9 is not at the address of the release.
        if fixture != Fixture::V09 {
            assert_eq!(EntryPointVersion::at(address), Ok(version));
        }
        let chain_id = bed.chain.chain_id();

        for op in operations().chain(signed_by_paymasters()) {
            let computed = op.hash(version, address, chain_id).unwrap();

            assert_eq!(computed, answer_of(&bed, &op), "{} {op:?}", version.name());
            assert_ne!(computed, op.hash(version, address, chain_id + 1).unwrap());
        }
    }
}

#[test]
fn an_init_code_of_eip_7702_is_refused_where_its_hash_needs_the_accounts_code() {
    let mut op = operations().next().unwrap();
    op.initCode = vec![0x77, 0x02].into();
    let version = EntryPointVersion::V08;

    assert!(op.hash(version, version.canonical_address(), 1).is_err());
    assert!(op.hash(EntryPointVersion::V07, Address::ZERO, 1).is_ok(), "0.7 hashes it as it is");
}

#[test]
fn a_paymasters_signature_is_not_hashed_by_0_9() {
    let version = EntryPointVersion::V09;
    let hash = |signature: &[u8], length: u16| {
        let mut op = operations().next().unwrap();
        let suffix = suffix();
        op.paymasterAndData =
            [&[0xaa; 60][..], signature, &length.to_be_bytes(), &suffix].concat().into();
        op.hash(version, version.canonical_address(), 1)
    };

    assert_eq!(hash(&[1; 65], 65).unwrap(), hash(&[2; 65], 65).unwrap());
    assert_ne!(hash(&[1; 65], 65).unwrap(), hash(&[1; 65], 64).unwrap());
    assert!(hash(&[1; 4], 13).is_err(), "longer than the paymaster's data");
}

/// `keccak256("PaymasterSignature")[:8]`.
fn suffix() -> [u8; 8] {
    let hash = keccak256("PaymasterSignature");
    *hash.first_chunk::<8>().unwrap()
}
