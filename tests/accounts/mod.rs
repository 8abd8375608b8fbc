//! The same scenarios on every account and every EntryPoint: one row of tests for each account
//! in the table below.

mod aggregated;
mod browser_key;
mod case;
mod client;
mod direct;
mod enable_mode;
mod erc7562;
mod execution;
mod gas;
mod init_code;
mod installing;
mod kernel_hook;
mod leaving;
mod managing;
mod mutation;
mod nothing_ran;
mod peculiar;
mod periods;
mod scenario;
mod signing;

use testbed::AccountKind;
use testbed::fixtures::EntryPointVersion;

use case::AccountCase;

/// Runs the scenarios on one account and EntryPoint.
macro_rules! scenarios {
    ($kind:ident on $version:ident: $($file:ident::$scenario:ident,)*) => {$(
        #[test]
        fn $scenario() {
            $file::$scenario(AccountCase::on(AccountKind::$kind, EntryPointVersion::$version));
        }
    )*};
}

/// A row of the table: an account and an EntryPoint, or why they do not go together.
macro_rules! row {
    ($row:ident: $kind:ident on $version:ident) => {
        mod $row {
            use super::*;

            scenarios! { $kind on $version:
                scenario::the_owners_own_operations_run,
                scenario::the_first_operation_enables_and_moves,
                scenario::the_account_enables_by_its_own_call,
                scenario::a_use_and_a_batch_of_five_make_six_moves,
                scenario::what_the_session_does_not_permit_is_refused,
                scenario::other_functions_of_the_account_are_out_of_reach,
                scenario::wrong_signatures_are_failed_signatures,
                scenario::an_owner_signature_off_the_route_is_refused,
                scenario::a_native_budget_bounds_the_whole_session,
                scenario::a_periodic_budget_fills_up_again,
                scenario::a_token_budget_bounds_what_is_transferred,
                scenario::the_windows_edges_are_those_of_the_entry_point,
                scenario::a_revoked_session_is_refused_for_ever,
                scenario::revoking_all_voids_every_session,
                scenario::nothing_revives_when_the_module_is_installed_again,
                direct::a_delegate_moves_without_a_bundler,
                direct::what_called_functions_return_comes_back,
                direct::the_direct_path_refuses_what_validation_does,
                direct::a_wrong_owner_signature_enables_nothing_directly,
                direct::a_failing_call_reverts_all_of_it,
                direct::each_type_is_installed_and_uninstalled_alone,
                direct::uninstalling_with_any_other_data_closes_both_paths,
                direct::an_uninstall_within_a_strangers_direct_call_ends_the_sessions,
                signing::a_token_takes_a_permit_that_a_delegate_signs,
                signing::a_permit_out_of_its_bounds_is_refused,
                signing::a_struct_within_the_struct_is_bound_by_its_hash,
                signing::a_revoked_or_expired_session_signs_nothing,
                managing::anyone_relays_the_owners_signature_of_a_session,
                managing::anyone_relays_the_owners_signature_of_a_revocation,
                managing::anyone_relays_the_owners_signature_that_revokes_all,
                managing::the_delegate_gives_its_session_up,
                browser_key::a_browsers_key_enables_and_moves,
                periods::a_periods_edges_are_those_of_the_entry_point,
                periods::at_no_second_are_there_two_periods,
                aggregated::an_operation_in_a_group_without_aggregator_is_validated_alike,
                aggregated::no_aggregator_vouches_for_a_delegate,
                installing::a_session_revoked_before_the_install_that_names_it_does_not_block_it,
                leaving::every_form_of_uninstall_data_leaves_what_it_names,
                leaving::uninstalling_a_type_that_is_not_installed_leaves_nothing,
            }
        }
    };
    ($row:ident: $kind:ident skipped on $version:ident, $reason:literal) => {
        mod $row {
            use super::*;

            #[test]
            #[ignore = $reason]
            fn all_scenarios() {
                AccountCase::on(AccountKind::$kind, EntryPointVersion::$version);
            }

            #[test]
            fn the_skip_has_its_reason() {
                let reason = AccountKind::$kind.skipped_on(EntryPointVersion::$version);
                assert_eq!(reason, Some($reason));
            }
        }
    };
}

row! { openzeppelin_v07: OpenZeppelin on V07 }
row! { openzeppelin_v08: OpenZeppelin on V08 }
row! { openzeppelin_v09: OpenZeppelin on V09 }
row! { nexus_v07: Nexus on V07 }
row! { nexus_v08: Nexus on V08 }
row! { nexus_v09: Nexus on V09 }
row! { safe7579_v07: Safe7579 on V07 }
row! { safe7579_v08: Safe7579 skipped on V08,
"the registry's build of Safe7579 has EntryPoint v0.7 in its code" }
row! { safe7579_v09: Safe7579 skipped on V09,
"the registry's build of Safe7579 has EntryPoint v0.7 in its code" }
row! { kernel_v07: Kernel on V07 }
row! { kernel_v08: Kernel on V08 }
row! { kernel_v09: Kernel on V09 }
row! { msa_v07: Msa on V07 }
row! { msa_v08: Msa skipped on V08,
"the registry's build of the reference account has EntryPoint v0.7 in its code" }
row! { msa_v09: Msa skipped on V09,
"the registry's build of the reference account has EntryPoint v0.7 in its code" }
row! { eoa_as_openzeppelin_v07: OpenZeppelin7702 on V07 }
row! { eoa_as_openzeppelin_v08: OpenZeppelin7702 on V08 }
row! { eoa_as_openzeppelin_v09: OpenZeppelin7702 on V09 }
row! { eoa_as_nexus_v07: Nexus7702 on V07 }
row! { eoa_as_nexus_v08: Nexus7702 on V08 }
row! { eoa_as_nexus_v09: Nexus7702 on V09 }

#[test]
fn every_account_and_entry_point_that_go_together_have_a_row() {
    let rows = EntryPointVersion::ALL.iter().flat_map(|version| {
        AccountKind::ALL.iter().map(move |kind| kind.skipped_on(*version).is_none())
    });
    let (run, skipped): (Vec<bool>, Vec<bool>) = rows.partition(|goes_together| *goes_together);
    assert_eq!((run.len(), skipped.len()), (17, 4));
}
