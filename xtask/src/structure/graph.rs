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

    /// Returns the groups of modules that reach each other, each in the order of the alphabet.
    pub(super) fn circles(&self) -> Vec<Vec<&str>> {
        let mut circles: Vec<Vec<&str>> = Vec::new();
        for from in self.0.keys() {
            if circles.iter().flatten().any(|known| known == from) {
                continue;
            }
            let reached = self.reached(from);
            let circle: Vec<&str> = reached
                .iter()
                .copied()
                .filter(|to| self.reached(to).contains(from.as_str()))
                .collect();
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
    fn implied_arrows_are_not_drawn() {
        let drawn = graph(&[("a", "b"), ("b", "c"), ("a", "c")]).mermaid();

        assert_eq!(drawn, "graph TD\n  a --> b\n  b --> c\n");
    }
}
