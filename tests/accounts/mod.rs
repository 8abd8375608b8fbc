//! The same scenarios on every account and every EntryPoint: one row of tests for each account
//! in the table below. Those in `everywhere/` run behind a URL too (`tests/external/by_url`).

mod aggregator;
mod client;
mod clock;
mod enable_mode;
mod erc7562;
mod everywhere;
mod execution;
mod gas;
mod init_code;
mod kernel_hook;
mod leaving;
mod mutation;
mod nothing_ran;
mod on_embedded_chain;
mod peculiar;
mod periods;

use testbed::AccountKind;
use testbed::fixtures::EntryPointVersion;

use everywhere::account_setup::AccountSetup;
use everywhere::table::with_scenarios;

/// Returns an account with the module, and the session signed but not enabled.
fn on(kind: AccountKind, version: EntryPointVersion) -> AccountSetup {
    AccountSetup::on(kind, version)
}

/// Runs the scenarios of the table on one account and EntryPoint.
macro_rules! scenarios {
    (($kind:ident on $version:ident)
        everywhere { $($file:ident::$scenario:ident,)* }
        embedded { $($own_file:ident::$own_scenario:ident: $why:literal,)* }
    ) => {
        $(
            #[test]
            fn $scenario() {
                everywhere::$file::$scenario(on(AccountKind::$kind, EntryPointVersion::$version));
            }
        )*
        $(
            #[test]
            fn $own_scenario() {
                $own_file::$own_scenario(on(AccountKind::$kind, EntryPointVersion::$version));
            }
        )*
    };
}

/// A row of the table: an account and an EntryPoint, or why they do not go together.
macro_rules! row {
    ($row:ident: $kind:ident on $version:ident) => {
        mod $row {
            use super::*;

            with_scenarios! { scenarios! ($kind on $version) }
        }
    };
    ($row:ident: $kind:ident skipped on $version:ident, $reason:literal) => {
        mod $row {
            use super::*;

            #[test]
            #[ignore = $reason]
            fn all_scenarios() {
                on(AccountKind::$kind, EntryPointVersion::$version);
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
"the registry's build of MSA has EntryPoint v0.7 in its code" }
row! { msa_v09: Msa skipped on V09,
"the registry's build of MSA has EntryPoint v0.7 in its code" }
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
