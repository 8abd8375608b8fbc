//! The calls of host functions in the order the node's tracer has them.

use serde_json::{Value, json};

use crate::Outcome;

/// Every call of a host function in order of completion.
pub(super) fn hostio_trace(outcome: &Outcome) -> Vec<Value> {
    let mut events = Vec::new();
    walk(outcome, 0, &mut events);
    events
}

fn walk(outcome: &Outcome, index: usize, events: &mut Vec<Value>) {
    let Some(frame) = outcome.frames.get(index) else { return };
    let depth = frame.depth;
    let Some(report) = &frame.program else {
        for (child, below) in outcome.frames.iter().enumerate() {
            if below.parent == Some(index) {
                walk(outcome, child, events);
            }
        }
        return;
    };
    let ink = report.ink_at_entry;
    if ink > 0 {
        // The node's tracer doesn't mention a program that comes to life without ink.
        events.push(json!([depth, "user_entrypoint", ink, ink]));
    }
    for call in &report.calls {
        if let Some(child) = call.frame {
            walk(outcome, child, events);
        }
        events.push(json!([depth, call.name, call.ink_before, call.ink_after]));
    }
}

/// Long lists keep 25 events at each end.
pub(super) fn shortened(events: Vec<Value>) -> Vec<Value> {
    const ENDS: usize = 25;
    if events.len() <= 2 * ENDS {
        return events;
    }
    let (head, rest) = events.split_at(ENDS);
    let (middle, tail) = rest.split_at(rest.len().saturating_sub(ENDS));
    [head, &[json!(["...", middle.len()])], tail].concat()
}
