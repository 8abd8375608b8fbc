// What a tracer written in JavaScript finds beside its own code: the objects and functions that
// geth documents for custom tracers. `host` is the node; what this returns is called by the node.
(function (host) {
  "use strict";

  const invalid = (text) => {
    throw new RangeError(text);
  };

  // --- bytes -----------------------------------------------------------------------------------

  const bytes = (value) => {
    if (typeof value === "string") {
      let digits = value.startsWith("0x") || value.startsWith("0X") ? value.slice(2) : value;
      if (digits.length % 2 === 1) digits = "0" + digits;
      if (!/^[0-9a-fA-F]*$/.test(digits)) invalid(`${value} is not hex`);
      return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    }
    if (value instanceof Uint8Array) return value;
    if (Array.isArray(value)) return Uint8Array.from(value);
    return invalid("neither bytes nor hex");
  };

  const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
  const toHex = (value) => {
    let hex = "0x";
    for (const byte of bytes(value)) hex += digits[byte];
    return hex;
  };

  // The last `length` bytes, with zeros before them if there are fewer.
  const fit = (value, length) => {
    const all = bytes(value);
    const fitted = new Uint8Array(length);
    const kept = all.slice(Math.max(0, all.length - length));
    fitted.set(kept, length - kept.length);
    return fitted;
  };
  const toWord = (value) => fit(value, 32);
  const toAddress = (value) => fit(value, 20);

  const slice = (value, start, end) => {
    const all = bytes(value);
    if (!(0 <= start && start <= end && end <= all.length)) {
      invalid(`the slice ${start}..${end} is outside of ${all.length} bytes`);
    }
    return all.slice(start, end);
  };

  // --- numbers: what tracers use of the library big-integer ---------------------------------------

  const digitOf = (character) => {
    const digit = Number.parseInt(character, 36);
    return Number.isNaN(digit) ? Infinity : digit;
  };
  const parse = (text, radix) => {
    const negative = text.startsWith("-");
    let value = 0n;
    for (const character of negative ? text.slice(1) : text) {
      if (digitOf(character) >= radix) invalid(`${text} is not a number of base ${radix}`);
      value = value * BigInt(radix) + BigInt(digitOf(character));
    }
    return negative ? -value : value;
  };
  const integer = (value, radix) => {
    if (value instanceof Big) return value.value;
    if (typeof value === "string" && radix !== undefined) return parse(value, radix);
    return BigInt(value ?? 0);
  };

  class Big {
    constructor(value) {
      this.value = value;
    }
    toString(radix) {
      return this.value.toString(radix ?? 10);
    }
    toJSON() {
      return this.toString();
    }
    valueOf() {
      return Number(this.value);
    }
    toJSNumber() {
      return Number(this.value);
    }
    compare(other) {
      const right = integer(other);
      return this.value < right ? -1 : this.value > right ? 1 : 0;
    }
    isZero() {
      return this.value === 0n;
    }
    isNegative() {
      return this.value < 0n;
    }
    isPositive() {
      return this.value > 0n;
    }
    isEven() {
      return this.value % 2n === 0n;
    }
    isOdd() {
      return !this.isEven();
    }
    negate() {
      return new Big(-this.value);
    }
    abs() {
      return new Big(this.value < 0n ? -this.value : this.value);
    }
  }

  const operations = {
    add: (a, b) => a + b,
    subtract: (a, b) => a - b,
    multiply: (a, b) => a * b,
    divide: (a, b) => a / b,
    mod: (a, b) => a % b,
    pow: (a, b) => a ** b,
    and: (a, b) => a & b,
    or: (a, b) => a | b,
    xor: (a, b) => a ^ b,
    shiftLeft: (a, b) => a << b,
    shiftRight: (a, b) => a >> b,
  };
  const relations = {
    equals: (order) => order === 0,
    notEquals: (order) => order !== 0,
    lesser: (order) => order < 0,
    lesserOrEquals: (order) => order <= 0,
    greater: (order) => order > 0,
    greaterOrEquals: (order) => order >= 0,
  };
  const synonyms = {
    plus: "add",
    minus: "subtract",
    times: "multiply",
    over: "divide",
    remainder: "mod",
    compareTo: "compare",
    eq: "equals",
    neq: "notEquals",
    lt: "lesser",
    leq: "lesserOrEquals",
    gt: "greater",
    geq: "greaterOrEquals",
  };
  for (const [name, operate] of Object.entries(operations)) {
    Big.prototype[name] = function (other) {
      return new Big(operate(this.value, integer(other)));
    };
  }
  for (const [name, holds] of Object.entries(relations)) {
    Big.prototype[name] = function (other) {
      return holds(this.compare(other));
    };
  }
  for (const [synonym, name] of Object.entries(synonyms)) {
    Big.prototype[synonym] = Big.prototype[name];
  }

  const bigInt = (value, radix) => new Big(integer(value, radix));
  bigInt.zero = new Big(0n);
  bigInt.one = new Big(1n);
  const big = (hex) => new Big(BigInt(hex));

  // --- the names of the global scope --------------------------------------------------------------

  const PRECOMPILED = [...Array(17).keys()].map((index) => BigInt(index + 1)).concat(256n);
  Object.assign(globalThis, {
    bigInt,
    toHex,
    toWord,
    toAddress,
    slice,
    isPrecompiled: (address) => PRECOMPILED.includes(BigInt(toHex(toAddress(address)))),
    toContract: (from, nonce) => host.create(toHex(toAddress(from)), nonce),
    toContract2: (from, salt, code) =>
      host.create2(toHex(toAddress(from)), toHex(toWord(salt)), toHex(code)),
  });

  // --- what the tracer's functions are given ------------------------------------------------------

  const now = {};
  const log = {
    op: {
      toNumber: () => now.opcode,
      toString: () => now.name,
      isPush: () => 0x5f <= now.opcode && now.opcode <= 0x7f,
    },
    stack: {
      length: () => host.stackLength(),
      peek: (index) =>
        big(host.peek(index) ?? invalid(`the stack has no item ${index} from its top`)),
    },
    memory: {
      length: () => host.memoryLength(),
      slice: (start, end) => {
        const range = 0 <= start && start <= end;
        return (
          (range ? host.memory(start, end) : undefined) ??
          invalid(`the memory has no bytes ${start}..${end}`)
        );
      },
      getUint: (offset) => big(toHex(log.memory.slice(offset, offset + 32))),
    },
    contract: {
      getCaller: () => host.caller(),
      getAddress: () => host.address(),
      getValue: () => big(host.value()),
      getInput: () => host.input(),
    },
    getPC: () => now.pc,
    getGas: () => now.gas,
    getCost: () => now.cost,
    getDepth: () => now.depth,
    getRefund: () => now.refund,
    getError: () => now.error,
  };

  const account = (address) => toHex(toAddress(address));
  const db = {
    getBalance: (address) => big(host.balance(account(address))),
    getNonce: (address) => host.nonce(account(address)),
    getCode: (address) => host.code(account(address)),
    getState: (address, slot) => host.state(account(address), toHex(toWord(slot))),
    exists: (address) => host.exists(account(address)),
  };

  // --- what the node calls ------------------------------------------------------------------------

  return (tracer, config) => {
    const has = (name) => typeof tracer?.[name] === "function";
    for (const name of ["result", "fault"]) {
      if (!has(name)) throw new TypeError(`trace object must expose a function ${name}()`);
    }
    if (has("enter") !== has("exit")) {
      throw new TypeError("trace object must expose either both or none of enter() and exit()");
    }
    if (has("setup")) tracer.setup(config);

    const step = (opcode, name, pc, gas, cost, depth, refund, error, failed) => {
      Object.assign(now, { opcode, name, pc, gas, cost, depth, refund, error });
      if (failed) tracer.fault(log, db);
      else tracer.step(log, db);
    };
    const enter = (type, from, to, input, gas, value) =>
      tracer.enter({
        getType: () => type,
        getFrom: () => from,
        getTo: () => to,
        getInput: () => input,
        getGas: () => gas,
        getValue: () => (value === undefined ? undefined : big(value)),
      });
    const exit = (gasUsed, output, error) =>
      tracer.exit({
        getGasUsed: () => gasUsed,
        getOutput: () => output,
        getError: () => error,
      });
    const result = (ctx) => {
      ctx.value = big(ctx.value);
      ctx.gasPrice = big(ctx.gasPrice);
      return JSON.stringify(tracer.result(ctx, db)) ?? "null";
    };
    return { hasStep: has("step"), hasEnter: has("enter"), step, enter, exit, result };
  };
});
