//! A graph of modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Which module imports which.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph(BTreeMap<String, BTreeSet<String>>);

impl Graph {
    /// Adds that a module imports another.
    pub(super) fn add(&mut self, from: &str, to: &str) {
        if from != to {
            self.0.entry(from.to_owned()).or_default().insert(to.to_owned());
        }
    }

    /// Returns the same between what each name is a part of.
    pub(super) fn of_wholes(&self, whole: impl Fn(&str) -> &str) -> Self {
        let mut wholes = Self::default();
        for (from, imports) in &self.0 {
            for to in imports {
                wholes.add(whole(from), whole(to));
            }
        }
        wholes
    }

    /// Returns the groups of modules that reach each other, each in the order of the alphabet.
    pub(super) fn circles(&self) -> Vec<Vec<&str>> {
        let all: BTreeMap<&str, BTreeSet<&str>> =
            self.0.keys().map(|from| (from.as_str(), self.reached(from))).collect();
        let reaches = |from: &str, to: &str| all.get(from).is_some_and(|found| found.contains(to));
        let mut circles: Vec<Vec<&str>> = Vec::new();
        for (from, found) in &all {
            if circles.iter().flatten().any(|known| known == from) {
                continue;
            }
            let circle: Vec<&str> = found.iter().copied().filter(|to| reaches(to, from)).collect();
            if !circle.is_empty() {
                circles.push(circle);
            }
        }
        circles
    }

    /// Returns what a module imports, at whatever distance.
    fn reached(&self, from: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![from];
        while let Some(next) = open.pop() {
            for to in self.0.get(next).into_iter().flatten() {
                if reached.insert(to.as_str()) {
                    open.push(to);
                }
            }
        }
        reached
    }

    /// Draws it, without the arrows that others imply.
    pub(super) fn mermaid(&self) -> String {
        let mut text = "graph TD\n".to_owned();
        for (from, imports) in &self.0 {
            for to in imports {
                let is_implied = imports
                    .iter()
                    .any(|other| other != to && self.reached(other).contains(to.as_str()));
                if !is_implied {
                    let _ = writeln!(text, "  {from} --> {to}");
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    fn graph(arrows: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::default();
        for (from, to) in arrows {
            graph.add(from, to);
        }
        graph
    }

    #[test]
    fn a_circle_is_found_once_and_whole() {
        let free = graph(&[("a", "b"), ("a", "c"), ("b", "c")]);
        let circle = graph(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("e", "e")]);

        assert!(free.circles().is_empty());
        assert_eq!(circle.circles(), [["b", "c"]]);
    }

    #[test]
    fn wholes_import_what_their_parts_do() {
        let files = graph(&[("a/x", "b"), ("b", "a/y"), ("a/x", "a/y")]);

        let folders = files.of_wholes(|file| file.split('/').next().unwrap());

        assert!(files.circles().is_empty());
        assert_eq!(folders.circles(), [["a", "b"]]);
    }

    #[test]
    fn implied_arrows_are_not_drawn() {
        let drawn = graph(&[("a", "b"), ("b", "c"), ("a", "c")]).mermaid();

        assert_eq!(drawn, "graph TD\n  a --> b\n  b --> c\n");
    }
}
