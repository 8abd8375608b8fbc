//! The module's storage and calls in validation, against the rules of ERC-7562.

use alloy_primitives::{B256, U256, keccak256};
use harness::SmartAccount;

use crate::scene::Scene;

#[test]
fn the_words_of_account_and_session_stand_in_associated_slots() {
    let scene = Scene::enabled();
    let account = scene.alice.address().into_word();
    let slot = |x: B256| U256::from_be_bytes(keccak256([account, x].concat()).0);

    let session = scene.stage.chain.storage(scene.stage.module, slot(scene.game.session.id()));
    let word = session.to_be_bytes::<32>();
    assert_eq!(word[..5], [1, 0, 0, 0, 1], "status enabled, one call");

    let tag = keccak256("SmartSession.account");
    let word = scene.stage.chain.storage(scene.stage.module, slot(tag)).to_be_bytes::<32>();
    assert_eq!(word[..10], [1, 0, 0, 0, 0, 0, 0, 0, 0, 20], "validator, epoch 0, route of 20");
    assert_eq!(word[10..30], scene.alice.owner_validator()[..]);
}

#[test]
fn the_first_operation_costs_what_its_budget_says() {
    let mut scene = Scene::new();
    let op = scene.enable_and_move();
    assert!(op.module_gas.unwrap() <= 33_000, "{:?}", op.module_gas);
}

#[test]
fn a_use_and_a_batch_of_five_cost_what_their_budgets_say() {
    let mut scene = Scene::enabled();

    let op = scene.a_move();
    assert!(op.module_gas.unwrap() <= 12_500, "{:?}", op.module_gas);

    let calls = vec![scene.stage.a_move(1, 10); 5];
    let call_data = scene.alice.execute_batch(&calls);
    let op = scene.act(&scene.game.using(5).unwrap(), call_data);
    assert!(op.module_gas.unwrap() <= 13_000, "{:?}", op.module_gas);
}

#[test]
fn the_signature_field_of_a_move_has_at_most_200_bytes() {
    let scene = Scene::enabled();
    let op = scene.move_op(&scene.game.using(1).unwrap());
    assert!(op.signature.len() <= 200, "{}", op.signature.len());
}
