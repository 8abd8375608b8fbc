//! Tracers written in JavaScript, as geth takes them: `step`, `fault`, `enter`, `exit`, `result`.
//!
//! The tracer runs beside the EVM and cannot change what it does: an exception, too much time or too
//! much memory ends the request with an error that says so.

mod number;
mod view;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use revm::bytecode::opcode::OpCode;
use revm::state::EvmState;
use rquickjs::context::EvalOptions;
use rquickjs::function::Args;
use rquickjs::{CatchResultExt, Context, Ctx, Error, Function, Object, Persistent, Runtime};
use rquickjs::{TypedArray, Value as JsValue};
use serde_json::Value;

use crate::rpc::error::RpcError;
use crate::watch::{Failure, Step, Watcher, Watching};
use crate::{DevChain, Frame, FrameKind, Outcome, Status, Transaction};
use number::number;
use view::{Shared, StepView};

const PRELUDE: &str = include_str!("prelude.js");

/// Most memory that a tracer may hold, in bytes.
const MOST_MEMORY: usize = 256 << 20;
/// Native stack that a tracer may use, in bytes: a quarter of what a thread of the server has.
const MOST_STACK: usize = 512 << 10;

/// How long a trace may take, the tracer's own time included.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeLimit {
    most: Duration,
    begin: Instant,
}

impl TimeLimit {
    /// A limit that counts from now on.
    pub(super) fn new(most: Duration) -> Self {
        Self { most, begin: Instant::now() }
    }

    fn is_over(self) -> bool {
        self.begin.elapsed() >= self.most
    }

    fn error(self) -> RpcError {
        let most = self.most;
        RpcError::Refused(format!("the trace took more than {most:?} and was broken off"))
    }
}

/// Runs a transaction in the next block under a tracer and returns what the tracer makes of it.
pub(super) fn trace(
    before: &Arc<DevChain>,
    transaction: &Transaction,
    source: &str,
    config: Option<&Value>,
    limit: TimeLimit,
) -> Result<Value, RpcError> {
    let tracer = Rc::new(Tracer::new(Arc::clone(before), source, config, limit)?);
    let watcher = Box::new(Handle(Rc::clone(&tracer)));
    let (outcome, changes) = before.call_watched(transaction, watcher)?;
    tracer.view.borrow_mut().set_end(changes);
    tracer.result(transaction, &outcome)
}

/// A tracer with its engine.
struct Tracer {
    // The functions are dropped before the context that they belong to.
    step: Option<Callback>,
    frames: Option<(Callback, Callback)>,
    result: Callback,
    view: Shared,
    failure: RefCell<Option<RpcError>>,
    limit: TimeLimit,
    context: Context,
}

type Callback = Persistent<Function<'static>>;

impl std::fmt::Debug for Tracer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tracer").field("failure", &self.failure).finish_non_exhaustive()
    }
}

/// What the EVM holds of a tracer.
#[derive(Debug)]
struct Handle(Rc<Tracer>);

impl Tracer {
    fn new(
        before: Arc<DevChain>,
        source: &str,
        config: Option<&Value>,
        limit: TimeLimit,
    ) -> Result<Self, RpcError> {
        let engine = |error: Error| RpcError::Internal(format!("the JavaScript engine: {error}"));
        let runtime = Runtime::new().map_err(engine)?;
        runtime.set_memory_limit(MOST_MEMORY);
        runtime.set_max_stack_size(MOST_STACK);
        runtime.set_interrupt_handler(Some(Box::new(move || limit.is_over())));
        let context = Context::full(&runtime).map_err(engine)?;
        let view = StepView::new(before);
        let config = config.map_or_else(|| "{}".to_owned(), Value::to_string);

        let loaded = context.with(|ctx| {
            let loaded = load(&ctx, &view, source, config).catch(&ctx);
            loaded.map_err(|error| thrown("cannot be used", limit, &error))
        })?;
        let Loaded { step, frames, result } = loaded;
        let failure = RefCell::new(None);
        Ok(Self { step, frames, result, view, failure, limit, context })
    }

    /// Calls one of the tracer's functions.
    fn call(
        &self,
        what: &str,
        function: &Callback,
        arguments: impl for<'js> FnOnce(&Ctx<'js>, &mut Args<'js>) -> Result<(), Error>,
    ) -> Watching {
        let done: Result<(), RpcError> = self.context.with(|ctx| {
            let called = (|| {
                let mut all = Args::new_unsized(ctx.clone());
                arguments(&ctx, &mut all)?;
                function.clone().restore(&ctx)?.call_arg::<JsValue<'_>>(all).map(|_| ())
            })();
            called.catch(&ctx).map_err(|error| thrown(what, self.limit, &error))
        });
        let done =
            done.and_then(|()| if self.limit.is_over() { Err(self.limit.error()) } else { Ok(()) });
        match done {
            Ok(()) => Watching::On,
            Err(error) => {
                self.failure.replace(Some(error));
                Watching::Over
            }
        }
    }

    fn show(&self, depth: usize, step: &Shown, is_fault: bool) -> Watching {
        let Some(function) = &self.step else { return Watching::On };
        let what = if is_fault { "failed in fault()" } else { "failed in step()" };
        self.call(what, function, |_, all| {
            all.push_arg(step.opcode)?;
            all.push_arg(name(step.opcode))?;
            all.push_arg(step.pc)?;
            all.push_arg(number(step.gas))?;
            all.push_arg(number(step.cost))?;
            all.push_arg(depth)?;
            all.push_arg(number(step.refund))?;
            all.push_arg(step.error)?;
            all.push_arg(is_fault)
        })
    }

    fn result(&self, transaction: &Transaction, outcome: &Outcome) -> Result<Value, RpcError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let text: String = self.context.with(|ctx| {
            let before = self.view.borrow().chain();
            let called = (|| {
                let about = about(&ctx, &before, transaction, outcome)?;
                self.result.clone().restore(&ctx)?.call::<_, String>((about,))
            })();
            called.catch(&ctx).map_err(|error| thrown("failed in result()", self.limit, &error))
        })?;
        serde_json::from_str(&text)
            .map_err(|error| RpcError::Refused(format!("the tracer's result: {error}")))
    }
}

/// A step without what the view has of it.
struct Shown {
    opcode: u8,
    pc: usize,
    gas: u64,
    cost: u64,
    refund: u64,
    error: Option<&'static str>,
}

impl Watcher for Handle {
    fn enter(&mut self, frame: &Frame) -> Watching {
        let tracer = &self.0;
        let Some((enter, _)) = &tracer.frames else { return Watching::On };
        if frame.depth == 0 {
            return Watching::On;
        }
        tracer.call("failed in enter()", enter, |ctx, all| {
            let bytes = |bytes: &[u8]| TypedArray::<u8>::new_copy(ctx.clone(), bytes);
            let is_delegate = matches!(frame.kind, FrameKind::DelegateCall | FrameKind::CallCode);
            // A delegate call shows who acts and whose code it acts by.
            let (from, to) =
                if is_delegate { (frame.to, frame.code_address) } else { (frame.from, frame.to) };
            let is_static = frame.kind == FrameKind::StaticCall;
            all.push_arg(frame.kind.name())?;
            all.push_arg(bytes(from.as_slice())?)?;
            all.push_arg(bytes(to.as_slice())?)?;
            all.push_arg(bytes(&frame.input)?)?;
            all.push_arg(number(frame.gas_limit))?;
            all.push_arg((!is_static).then(|| format!("{:#x}", frame.value)))
        })
    }

    fn step(&mut self, frame: &Frame, step: Step, state: &mut EvmState) -> Watching {
        let tracer = &self.0;
        if tracer.step.is_none() {
            return if tracer.limit.is_over() { tracer.is_late() } else { Watching::On };
        }
        let Step { opcode, pc, gas, cost, refund, failure, .. } = step;
        let depth = frame.depth.saturating_add(1);
        let error = match failure {
            Some(Failure::Gas) => Some("out of gas"),
            Some(Failure::Run(_)) | None => None,
        };
        let mut shown = Shown { opcode, pc, gas, cost, refund, error };
        tracer.view.borrow_mut().set(frame, step, state);
        let mut watching = tracer.show(depth, &shown, false);
        if let (Watching::On, Some(Failure::Run(reason))) = (watching, failure) {
            shown.error = Some(reason);
            watching = tracer.show(depth, &shown, true);
        }
        tracer.view.borrow_mut().give_back(state);
        watching
    }

    fn exit(&mut self, frame: &Frame) -> Watching {
        let tracer = &self.0;
        let Some((_, exit)) = &tracer.frames else { return Watching::On };
        if frame.depth == 0 {
            return Watching::On;
        }
        tracer.call("failed in exit()", exit, |ctx, all| {
            all.push_arg(number(frame.gas_used))?;
            all.push_arg(TypedArray::<u8>::new_copy(ctx.clone(), &frame.output)?)?;
            all.push_arg(error_of(frame.status))
        })
    }
}

impl Tracer {
    /// The time is over between two steps that the tracer doesn't look at.
    fn is_late(&self) -> Watching {
        self.failure.replace(Some(self.limit.error()));
        Watching::Over
    }
}

/// The tracer's functions.
struct Loaded {
    step: Option<Callback>,
    frames: Option<(Callback, Callback)>,
    result: Callback,
}

fn load<'js>(ctx: &Ctx<'js>, view: &Shared, source: &str, config: String) -> Result<Loaded, Error> {
    let prelude: Function<'js> = ctx.eval(PRELUDE)?;
    let bind: Function<'js> = prelude.call((view::host(ctx, view)?,))?;
    // Not strict: tracers made of a function's text may use variables that they don't declare.
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some("tracer".to_owned());
    let tracer: JsValue<'js> = ctx.eval_with_options(format!("({source}\n)"), options)?;
    let bound: Object<'js> = bind.call((tracer, config))?;

    let function = |name: &str| {
        let function: Function<'js> = bound.get(name)?;
        Ok::<_, Error>(Persistent::save(ctx, function))
    };
    let step = if bound.get("hasStep")? { Some(function("step")?) } else { None };
    let frames =
        if bound.get("hasEnter")? { Some((function("enter")?, function("exit")?)) } else { None };
    Ok(Loaded { step, frames, result: function("result")? })
}

/// What `result` is told about the transaction.
fn about<'js>(
    ctx: &Ctx<'js>,
    before: &DevChain,
    transaction: &Transaction,
    outcome: &Outcome,
) -> Result<Object<'js>, Error> {
    let bytes = |bytes: &[u8]| TypedArray::<u8>::new_copy(ctx.clone(), bytes);
    let about = Object::new(ctx.clone())?;
    let to = transaction.kind.to().copied().or(outcome.created);
    about.set("type", if transaction.kind.is_create() { "CREATE" } else { "CALL" })?;
    about.set("from", bytes(transaction.from.as_slice())?)?;
    about.set("to", bytes(to.unwrap_or_default().as_slice())?)?;
    about.set("input", bytes(&transaction.data)?)?;
    about.set("gas", number(transaction.gas_limit))?;
    about.set("gasUsed", number(outcome.gas_used))?;
    about.set("intrinsicGas", number(outcome.intrinsic_gas))?;
    let price = transaction.gas_price.unwrap_or(u128::from(before.base_fee()));
    about.set("gasPrice", price.to_string())?;
    about.set("value", format!("{:#x}", transaction.value))?;
    about.set("block", number(before.block_number().saturating_add(1)))?;
    about.set("time", number(before.timestamp()))?;
    about.set("output", bytes(&outcome.output)?)?;
    if let Some(error) = error_of(outcome.status) {
        about.set("error", error)?;
    }
    Ok(about)
}

/// The opcode's name, as geth spells it.
fn name(opcode: u8) -> String {
    match (opcode, OpCode::new(opcode)) {
        (revm::bytecode::opcode::DIFFICULTY, _) => "DIFFICULTY".to_owned(),
        (_, Some(known)) => known.as_str().to_owned(),
        (_, None) => format!("opcode {opcode:#x} not defined"),
    }
}

fn error_of(status: Status) -> Option<String> {
    match status {
        Status::Success => None,
        Status::Revert => Some("execution reverted".to_owned()),
        Status::Halt(reason) => Some(reason.to_string()),
    }
}

/// The error of a request whose tracer threw something.
fn thrown(what: &str, limit: TimeLimit, error: &rquickjs::CaughtError<'_>) -> RpcError {
    if limit.is_over() {
        return limit.error();
    }
    RpcError::Refused(format!("the tracer {what}: {}", error.to_string().trim()))
}
