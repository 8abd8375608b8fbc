//! Secret keys: from a file, the environment or a prompt. They are never printed.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Read, Write};
use std::path::Path;

use alloy_primitives::{Address, B256, Bytes, hex};
use smart_session_client::{Delegate, P256Key, Refusal, SoftwareKey};
use smart_session_core::packed::DelegateKind;

use crate::failure::Failure;

/// Whose key it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    Owner,
    Delegate,
    Sender,
    Sponsor,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Delegate => "delegate",
            Self::Sender => "sender",
            Self::Sponsor => "sponsor",
        }
    }

    const fn variable(self) -> &'static str {
        match self {
            Self::Owner => "SESSION_OWNER_KEY",
            Self::Delegate => "SESSION_DELEGATE_KEY",
            Self::Sender => "SESSION_SENDER_KEY",
            Self::Sponsor => "SESSION_SPONSOR_KEY",
        }
    }
}

/// Reads a secret key from its file, else from the environment, else asks at the terminal.
pub(crate) fn secp256k1(role: Role, file: Option<&Path>) -> Result<SoftwareKey, Failure> {
    Ok(SoftwareKey::new(secret(role, file)?)?)
}

/// A delegate's key, of a kind that signs here.
#[derive(Clone, Debug)]
pub(crate) enum DelegateKey {
    Secp256k1(SoftwareKey),
    P256(P256Key),
}

/// Reads a delegate's key likewise, of the kind that its session names.
pub(crate) fn delegate(kind: DelegateKind, file: Option<&Path>) -> Result<DelegateKey, Failure> {
    match kind {
        DelegateKind::Secp256k1 => secp256k1(Role::Delegate, file).map(DelegateKey::Secp256k1),
        DelegateKind::P256 => Ok(DelegateKey::P256(P256Key::new(secret(Role::Delegate, file)?)?)),
        DelegateKind::WebAuthn => Err(Failure::new(
            "passkeys sign in browsers, not here",
            "use the TypeScript package in the page that the passkey belongs to, or write an order \
             for it to sign: session order sign",
        )),
    }
}

impl Delegate for DelegateKey {
    fn kind(&self) -> DelegateKind {
        match self {
            Self::Secp256k1(key) => key.kind(),
            Self::P256(key) => key.kind(),
        }
    }

    fn address(&self) -> Address {
        match self {
            Self::Secp256k1(key) => key.address(),
            Self::P256(key) => key.address(),
        }
    }

    async fn sign_digest(&self, digest: B256) -> Result<Bytes, Refusal> {
        match self {
            Self::Secp256k1(key) => key.sign_digest(digest).await,
            Self::P256(key) => key.sign_digest(digest).await,
        }
    }
}

fn secret(role: Role, file: Option<&Path>) -> Result<B256, Failure> {
    let (name, variable) = (role.name(), role.variable());
    if let Some(path) = file {
        return parse(&read(path, name)?, &format!("key file {}", path.display()));
    }
    if let Ok(text) = std::env::var(variable) {
        return parse(&text, variable);
    }
    if std::io::stdin().is_terminal() {
        let text = rpassword::prompt_password(format!("{name}'s secret key: "))
            .map_err(|error| Failure::new(error.to_string(), format!("set {variable}")))?;
        return parse(&text, "what was typed");
    }
    Err(Failure::new(
        format!("the {name}'s key is missing"),
        format!("give --{name}-key-file, or set {variable}"),
    ))
}

/// Keys are short: whatever else the file is, it is not read to its end.
const MOST: u64 = 1_000;

fn read(path: &Path, name: &str) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::new(
            format!("key file {} cannot be read: {error}", path.display()),
            format!("name the file with the {name}'s key"),
        )
    };
    let file = File::open(path).map_err(unreadable)?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &file.metadata().map_err(unreadable)?.permissions(),
        );
        if mode & 0o077 != 0 {
            return Err(Failure::new(
                format!(
                    "key file {} can be read by others (mode {:o})",
                    path.display(),
                    mode & 0o777
                ),
                format!("take that right away: chmod 600 {}", path.display()),
            ));
        }
    }
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

fn parse(text: &str, place: &str) -> Result<B256, Failure> {
    let bytes: Option<[u8; 32]> = hex::decode_to_array(text.trim()).ok();
    bytes.map(B256::new).ok_or_else(|| {
        Failure::new(format!("{place} holds no secret key"), "give 32 bytes as 64 hex digits")
    })
}

/// A key that was drawn, and is in no file yet.
pub(crate) struct DrawnKey {
    secret: [u8; 32],
    /// What stands for it in a session.
    pub(crate) address: Address,
}

impl DrawnKey {
    /// Draws a key of a kind.
    pub(crate) fn draw(kind: DelegateKind) -> Result<Self, Failure> {
        loop {
            let mut secret = [0; 32];
            getrandom::fill(&mut secret).map_err(|error| {
                Failure::new(format!("the system has no randomness: {error}"), "try again")
            })?;
            let word = B256::new(secret);
            let address = match kind {
                DelegateKind::Secp256k1 => SoftwareKey::new(word).map(|key| key.address()),
                DelegateKind::P256 => P256Key::new(word).map(|key| key.address()),
                DelegateKind::WebAuthn => {
                    return Err(Failure::new(
                        "passkeys are made by browsers and devices, not here",
                        "make it there, and give its address (--delegate)",
                    ));
                }
            };
            // One number in 2^32, or far fewer, is no key.
            if let Ok(address) = address {
                return Ok(Self { secret, address });
            }
        }
    }

    /// Writes it into a new file that nobody else may read.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let no_file = |error: std::io::Error| {
            Failure::new(
                format!("key file {} cannot be written: {error}", path.display()),
                "name a file that does not exist yet",
            )
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(no_file)?;
        writeln!(file, "{}", hex::encode_prefixed(self.secret)).map_err(no_file)
    }
}
