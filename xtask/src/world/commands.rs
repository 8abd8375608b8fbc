//! What to type, to try the command line on this chain.

use alloy_primitives::{Address, B256};

/// Where everything is, and whose keys act. The keys are public: they are of this chain alone.
pub(crate) struct Place {
    pub(crate) rpc: String,
    pub(crate) account: Address,
    pub(crate) owner_validator: Address,
    pub(crate) module: Address,
    pub(crate) game: Address,
    pub(crate) owner_key: B256,
    pub(crate) paying_key: B256,
}

impl Place {
    /// Returns the commands, each in a line of its own, and a word before and after them.
    pub(crate) fn words(&self) -> String {
        let Self { rpc, account, owner_validator, module, game, owner_key, paying_key } = self;
        let call = format!("--to {game} --call 'move(uint8)' --arg 1 --value '0.01 ETH'");
        format!(
            "This chain has an account of Alice's, with the module, and a game. Type elsewhere:

export SESSION_RPC={rpc}
export SESSION_OWNER_KEY={owner_key}
export SESSION_SENDER_KEY={paying_key}
export SESSION_SPONSOR_KEY={paying_key}
session new --account {account} --owner-validator {owner_validator} --module {module} \
  --target {game} --call 'move(uint8)' --make-key game.key --output alice.json
session sign alice.json
session enable alice.json
session check alice.json {call}
session use alice.json --delegate-key-file game.key {call}
session order sign alice.json --delegate-key-file game.key --output order.json {call}
session order send order.json
session show alice.json
session list --account {account} --module {module}
session revoke alice.json

End it with Ctrl-C."
        )
    }
}
