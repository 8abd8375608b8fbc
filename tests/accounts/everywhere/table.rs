//! The scenarios that hold for every account: which of them run everywhere, and which on the
//! embedded chain alone, and why.

/// Calls a macro with the table, behind what it is about.
macro_rules! with_scenarios {
    ($then:ident! $subject:tt) => {
        $then! { $subject
            everywhere {
                scenario::the_owners_own_operations_run,
                scenario::the_first_operation_enables_and_moves,
                scenario::the_account_enables_by_its_own_call,
                scenario::a_use_and_a_batch_of_five_make_six_moves,
                scenario::what_the_session_does_not_permit_is_refused,
                scenario::other_functions_of_the_account_are_out_of_reach,
                scenario::wrong_signatures_are_failed_signatures,
                scenario::an_owner_signature_off_the_route_is_refused,
                scenario::a_native_budget_bounds_the_whole_session,
                scenario::a_periodic_budget_bounds_its_period,
                scenario::a_token_budget_bounds_what_is_transferred,
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
                signing::a_token_takes_a_permit_that_a_delegate_signs,
                signing::a_permit_out_of_its_bounds_is_refused,
                signing::a_struct_within_the_struct_is_bound_by_its_hash,
                signing::a_revoked_session_signs_nothing,
                managing::anyone_relays_the_owners_signature_of_a_session,
                managing::anyone_relays_the_owners_signature_of_a_revocation,
                managing::anyone_relays_the_owners_signature_that_revokes_all,
                managing::the_delegate_gives_its_session_up,
                browser_key::a_browsers_key_enables_and_moves,
                aggregated::an_operation_in_a_group_without_aggregator_is_validated_alike,
                installing::a_session_revoked_before_the_install_that_names_it_does_not_block_it,
                installing::uninstalling_a_type_that_is_not_installed_leaves_nothing,
            }
            embedded {
                clock::a_periodic_budget_fills_up_again: "moves the clock",
                clock::the_windows_edges_are_those_of_the_entry_point: "moves the clock",
                clock::the_direct_path_ends_with_the_window: "moves the clock",
                clock::an_expired_session_signs_nothing: "moves the clock",
                periods::a_periods_edges_are_those_of_the_entry_point: "moves the clock",
                periods::at_no_second_are_there_two_periods: "moves the clock",
                aggregator::no_aggregator_vouches_for_a_delegate: "reads frames",
                leaving::an_uninstall_within_a_strangers_direct_call_ends_the_sessions:
                    "delegates an EOA to a contract of the attacks",
                leaving::every_form_of_uninstall_data_leaves_what_it_names: "takes snapshots",
            }
        }
    };
}
pub(crate) use with_scenarios;
