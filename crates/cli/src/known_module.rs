//! Which contracts are taken for the module.
//!
//! A session file says which module it is for, and anybody can write a file. A module is known by
//! its code: that of this program's release, or what the user names with a flag. Nothing is signed
//! for, installed, enabled or revoked at any other contract.

use std::path::PathBuf;

use alloy_primitives::{Address, B256};
use clap::Args;
use smart_session_client::{Node, Program, RELEASED_MODULES, ReleasedModule, parse_address};

use crate::deployment::{Deployment, Deployments};
use crate::failure::Failure;
use crate::network;
use crate::print::Printer;
use crate::program_code::ProgramCode;

/// What the user says about the module.
#[derive(Args, Clone, Debug)]
pub(crate) struct KnownModule {
    /// The module. Left out, it is the one that this program was released with: of its two builds
    /// the one that is on the chain, else the release itself.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    module: Option<Address>,
    /// Take a contract with the code of this file for the module.
    #[arg(long, value_name = "FILE")]
    wasm: Option<PathBuf>,
    #[command(flatten)]
    deployments: Deployments,
}

/// One module that is known by its code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) address: Address,
    pub(crate) code_hash: B256,
    /// Where the code is known from, as in "the code there is that of …".
    pub(crate) source: &'static str,
}

/// The builds of the module that this program was released with, the release itself first.
pub(crate) fn released() -> impl Iterator<Item = Known> {
    RELEASED_MODULES.iter().map(|&ReleasedModule { address, code_hash, .. }| Known {
        address,
        code_hash,
        source: "this program's release",
    })
}

impl KnownModule {
    /// Returns the code that is known for a chain, what the user named first.
    pub(crate) fn known(&self, chain_id: Option<u64>) -> Result<Vec<Known>, Failure> {
        let mut known = self.named(chain_id)?;
        known.extend(released());
        Ok(known)
    }

    /// Returns the code that the user named for a chain.
    fn named(&self, chain_id: Option<u64>) -> Result<Vec<Known>, Failure> {
        let mut known = Vec::new();
        if let Some(wasm) = &self.wasm {
            let code = ProgramCode::read(wasm)?;
            let (address, code_hash) = (code.address(), code.hash());
            known.push(Known { address, code_hash, source: "the file (--wasm)" });
        }
        if let Some(chain_id) = chain_id
            && let Some(record) = self.deployments.read(chain_id)?
        {
            let Deployment { address, code_hash, .. } = record;
            known.push(Known { address, code_hash, source: "the record (--deployments)" });
        }
        Ok(known)
    }

    /// Returns the module's address where no session names one.
    pub(crate) fn address(&self, chain_id: Option<u64>) -> Result<Address, Failure> {
        if let Some(module) = self.module {
            return Ok(module);
        }
        let known = self.known(chain_id)?;
        known.first().map(|known| known.address).ok_or_else(|| {
            Failure::new("no module is known", "give --module, or --wasm with its file")
        })
    }

    /// Returns the module's address on a node's chain, where no session names one. Of the release,
    /// it is the build that is there, as machines without rustup deploy another one.
    pub(crate) async fn address_on(&self, node: &Node) -> Result<Address, Failure> {
        let chain_id = Some(node.chain_id().await?);
        if self.module.is_none() && self.named(chain_id)?.is_empty() {
            let builds = released().map(|known| known.address);
            if let Some(address) = network::first_with_code(node, builds).await? {
                return Ok(address);
            }
        }
        self.address(chain_id)
    }

    /// Returns the block before which no event of a module is, if a record says it.
    pub(crate) fn first_block(
        &self,
        chain_id: u64,
        module: Address,
    ) -> Result<Option<u64>, Failure> {
        let record = self.deployments.read(chain_id)?;
        Ok(record.filter(|record| record.address == module).and_then(|record| record.block))
    }

    /// Refuses a module that a session names and nobody here knows. Without a node it is known by
    /// its address, which follows from its code.
    pub(crate) async fn check(&self, node: Option<&Node>, module: Address) -> Result<(), Failure> {
        match self.doubt(node, module).await? {
            None => Ok(()),
            Some(reason) => Err(Failure::new(
                reason,
                "ask whoever made the session for the module's source; if you know the contract, \
                 name it yourself: --module, or --wasm with its file",
            )),
        }
    }

    /// Warns of such a module, in commands that only read.
    pub(crate) async fn warn(
        &self,
        node: Option<&Node>,
        module: Address,
        printer: &Printer,
    ) -> Result<(), Failure> {
        if let Some(reason) = self.doubt(node, module).await? {
            printer.warn(&format!("{reason}: what it says about sessions may be untrue"));
        }
        Ok(())
    }

    /// Returns why a module is not known, if it is not.
    pub(crate) async fn doubt(
        &self,
        node: Option<&Node>,
        module: Address,
    ) -> Result<Option<String>, Failure> {
        match self.module {
            Some(typed) if typed == module => return Ok(None),
            Some(typed) => {
                return Ok(Some(format!("the session is for module {module}, not for {typed}")));
            }
            None => {}
        }
        let Some(node) = node else {
            let known = self.known(None)?;
            let is_known = known.iter().any(|known| known.address == module);
            return Ok((!is_known).then(|| format!("{module} is not known as a session module")));
        };
        let chain_id = node.chain_id().await?;
        let known = self.known(Some(chain_id))?;
        if node.code(module).await?.is_empty() {
            let is_known = known.iter().any(|known| known.address == module);
            return Ok((!is_known).then(|| format!("{module} is not known as a session module")));
        }
        let code_hash = Program { node, address: module }.code_hash().await?;
        let is_known = known.iter().any(|known| known.code_hash == code_hash);
        Ok((!is_known).then(|| {
            format!("the code of {module} is of no known session module (code hash {code_hash})")
        }))
    }
}
