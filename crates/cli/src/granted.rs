//! What a session grants, told before anything is signed and in every form of output.

use serde_json::{Value, json};
use smart_session_client::{
    ClockSource, Clocks, DescriptionLine, Facts, Grant, Module, Names, Node, Warning,
    check_own_contracts, describe, file, session_warnings,
};

use crate::failure::Failure;
use crate::print::Printer;
use crate::token_units::{Doubt, by_tokens};

/// A session, what its file calls things, and what is known about it.
#[derive(Debug)]
pub(crate) struct Granted<'a> {
    grant: &'a Grant,
    names: Names,
    facts: Facts,
    doubts: Vec<Doubt>,
}

impl<'a> Granted<'a> {
    /// Looks at a session, with a node where one is named: then amounts of tokens are told by the
    /// tokens' own decimals.
    pub(crate) async fn look(
        grant: &'a Grant,
        names: &Names,
        node: Option<&Node>,
    ) -> Result<Self, Failure> {
        let mut names = names.clone();
        let mut doubts = Vec::new();
        if let Some(node) = node {
            (names, doubts) = by_tokens(grant, names, node).await?;
        }
        let facts = match node {
            Some(node) => Module { node, address: grant.module }.facts(&grant.session).await?,
            None => {
                Facts { now: Some(Clocks::beside(0, ClockSource::Both).system), ..Facts::default() }
            }
        };
        Ok(Self { grant, names, facts, doubts })
    }

    /// Returns the same of the session as it is signed.
    pub(crate) fn signed(self, grant: &Grant) -> Granted<'_> {
        let Self { names, facts, doubts, .. } = self;
        Granted { grant, names, facts, doubts }
    }

    /// Refuses what no owner should sign.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        smart_session_client::check_session(&self.grant.session, self.grant.module)?;
        check_own_contracts(&self.grant.session, &self.facts)?;
        self.doubts.iter().try_for_each(Doubt::check)
    }

    /// Refuses a session whose epoch is not the one that the account is in on the chain that was
    /// asked: it is void, or of an epoch that may come.
    pub(crate) fn check_epoch(&self) -> Result<(), Failure> {
        for (chain_id, here) in &self.facts.epochs {
            let chains = self.grant.session.chains.iter();
            let other = chains.filter(|it| it.chain_id == *chain_id).find(|it| it.epoch != *here);
            if let Some(other) = other {
                return Err(Failure::new(
                    format!(
                        "the session is of epoch {} on chain {chain_id}, the account is in epoch \
                         {here}",
                        other.epoch
                    ),
                    "make a new session with --rpc: it takes the account's epoch from the chain",
                ));
            }
        }
        Ok(())
    }

    fn warnings(&self) -> Vec<Warning> {
        session_warnings(&self.grant.session, &self.facts)
    }

    /// Returns what it grants, in lines for people.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |DescriptionLine { label, value }| line(label, &value);
        describe(self.grant, &self.names).into_iter().map(line).collect()
    }

    /// Tells people what they are about to sign or hand on.
    pub(crate) fn tell(&self, printer: &Printer) {
        printer.note(self.lines());
        self.warn(printer);
    }

    /// Tells people what they should know about it.
    pub(crate) fn warn(&self, printer: &Printer) {
        for warning in self.warnings() {
            printer.warn(&warning.sentence);
        }
        for doubt in &self.doubts {
            printer.warn(&doubt.say());
        }
    }

    /// Returns what its functions are called, and the decimals of its tokens.
    pub(crate) const fn names(&self) -> &Names {
        &self.names
    }

    /// Returns the same for programs: fields that every document about a session has.
    pub(crate) fn document(&self) -> Result<Value, Failure> {
        let session: Value = serde_json::from_str(&file::write(self.grant)).unwrap_or_default();
        let warnings: Vec<Value> = self
            .warnings()
            .iter()
            .map(|warning| {
                let at = warning.at.map(|place| place.to_string());
                json!({ "code": warning.code.name(), "at": at, "sentence": warning.sentence })
            })
            .collect();
        let words: Vec<Value> = describe(self.grant, &self.names)
            .into_iter()
            .map(|line| json!({ "label": line.label, "value": line.value }))
            .collect();
        Ok(json!({
            "sessionId": self.grant.id(),
            "text": self.grant.to_text()?,
            "session": session,
            "words": words,
            "warnings": warnings,
        }))
    }

    /// Returns the document with more fields.
    pub(crate) fn document_with(&self, more: Value) -> Result<Value, Failure> {
        let mut document = self.document()?;
        if let (Some(fields), Value::Object(more)) = (document.as_object_mut(), more) {
            fields.extend(more);
        }
        Ok(document)
    }
}

/// Writes a line: what is told, and what it is.
pub(crate) fn line(label: &str, value: &str) -> String {
    format!("{label:<10} {value}")
}
