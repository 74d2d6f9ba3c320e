/* What a script of the format javascript does with `model`, which the writer puts before it. */
// Numbers have 32 bits: each operation is rounded to them once, so that the bits are those of batchprop.
const f = Math.fround;

// a * b + c, rounded once. The product of two such numbers fits 64 bits. Where their sum is in the middle
// between two numbers of 32 bits, what it has lost decides.
function fma(a, b, c) {
  const product = a * b, sum = product + c, near = f(sum), away = sum - near, other = near + 2 * away;
  if (away === 0 || f(other) !== other)
    return near;
  const part = sum - product, lost = (product - (sum - part)) + (c - part);
  return lost !== 0 && lost > 0 === away > 0 ? other : near;
}

const larger = (a, b) => (a > b ? a : b);
const smaller = (a, b) => (a < b ? a : b);

// Numbers that are very small count as 0.
const stored = a => (Math.abs(a) < 1.0842021724855044e-19 ? 0 : a);

const word = new Int32Array(1), number = new Float32Array(word.buffer);

function powerOf2(k) {
  word[0] = (k + 127) << 23;
  return number[0];
}

// a 2^k, where k may be 128
const scaled = (a, k) => f(a * powerOf2(smaller(k, 127)) * (k > 127 ? 2 : 1));

const horner = (r, first, rest) => rest.reduce((p, next) => fma(p, r, next), first);

const taylor = [1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5, 1].map(f);

// exp(x) = 2^k (1 + r p)
function power(x) {
  const k = f(fma(x, 1.4426950216293335, 12582912) - 12582912);
  const r = fma(k, -1.428606765330187e-06, fma(k, -0.693145751953125, x));
  return {k, r, p: horner(r, f(1 / 5040), taylor)};
}

// 0 where it would be subnormal
function exponential(x) {
  const {k, r, p} = power(larger(-87.33654022216797, smaller(89, x)));
  return x < -87.33654022216797 ? 0 : scaled(fma(p, r, 1), k);
}

function logistic(n) {
  const e = exponential(-Math.abs(n));
  return f((n < 0 ? e : 1) / f(1 + e));
}

const tail = [-4.712157169706188e-05, -0.00017334446602035314, 0.0006419987767003477,
  0.0005028090672567487, -0.008493082597851753, 0.030865546315908432, -0.07170731574296951,
  0.12437921017408371, -0.17039772868156433, 0.09441064298152924];

const activations = {
  identity: n => n,
  exp: exponential,
  logistic,
  tanh(n) {
    const {k, r, p} = power(larger(-88.72283172607422, f(-2 * Math.abs(n))));
    const scale = powerOf2(larger(-126, k)), less = fma(scale, f(r * p), f(scale - 1));
    const size = f(f(0 - less) / f(2 + less));
    return n < 0 ? f(0 - size) : size;
  },
  relu: n => larger(0, n),
  "leaky-relu": n => larger(f(0.009999999776482582 * n), n),
  silu: n => f(larger(-200, n) * logistic(n)),
  gelu(n) {
    const least = smaller(20, Math.abs(n)), a = least < 9.313225746154785e-10 ? 0 : least;
    const s = f(a * a), rest = fma(a, a, f(0 - s)), whole = exponential(f(-0.5 * s));
    const e = fma(f(-0.5 * rest), whole, whole), t = f(f(a - 4) / f(a + 4));
    const part = f((e < 7.888609052210118e-31 ? 0 : e) * horner(t, 1.1893822374986485e-05, tail));
    return f(larger(-20, n) * (n < 0 ? part : f(1 - part)));
  },
  elu(n) {
    const {k, r, p} = power(larger(-87.33654022216797, smaller(0, n)));
    const scale = powerOf2(k);
    return f(larger(0, n) + fma(scale, f(r * p), f(scale - 1)));
  },
  softplus(n) {
    const e = stored(exponential(-Math.abs(n))), twice = f(f(e + e) / f(2 + e));
    const half = f(0.5 * twice), s = half < 2.168404344971009e-19 ? 0 : half, q = f(s * s);
    const p = horner(q, f(1 / 15), [1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3].map(f));
    return f(larger(0, n) + fma(f(q * p), twice, twice));
  },
};

function softmax(n) {
  let most = -Infinity, sum = 0;
  for (let j = 0; j < n.length; j++)
    most = larger(n[j] = stored(n[j]), most);
  for (let j = 0; j < n.length; j++)
    sum = f(sum + (n[j] = stored(exponential(smaller(0, f(n[j] - most))))));
  for (let j = 0; j < n.length; j++)
    n[j] = stored(f(n[j] / sum));
}

// Base64 of numbers of 32 bits, the low byte first.
function unpack(text) {
  const bytes = atob(text), view = new DataView(new ArrayBuffer(bytes.length));
  for (let k = 0; k < bytes.length; k++)
    view.setUint8(k, bytes.charCodeAt(k));
  return Float32Array.from({length: bytes.length / 4}, (_, k) => view.getFloat32(4 * k, true));
}

for (const network of model.networks) {
  for (const layer of network.layers) {
    layer.bias = unpack(layer.bias);
    layer.weights = unpack(layer.weights);
  }
}

// n_j = bias_j + sum over i of w_ji x_i, in this order
function pass(layer, x) {
  const n = new Float32Array(layer.bias), w = layer.weights;
  for (let j = 0, at = 0; j < n.length; j++) {
    let sum = n[j];
    for (let i = 0; i < x.length; i++, at++)
      sum = fma(w[at], x[i], sum);
    n[j] = sum;
  }
  if (layer.activation === "softmax")
    softmax(n);
  else
    for (let j = 0; j < n.length; j++)
      n[j] = stored(activations[layer.activation](n[j]));
  return n;
}

// Of several networks, the weighted mean.
function run(x) {
  const sums = new Float64Array(model.outputs);
  for (const {weight, layers} of model.networks) {
    const out = layers.reduce((from, layer) => pass(layer, from), x);
    if (model.networks.length === 1 && weight === 1)
      return out;
    for (let j = 0; j < sums.length; j++)
      sums[j] += weight * out[j];
  }
  return Float32Array.from(sums);
}

function fail(column, what) {
  throw new RangeError(`column ${JSON.stringify(column.name)}: ${what}`);
}

function putNumber(column, cell, to, x) {
  const missing = cell === null || Number.isNaN(cell);
  if (missing && !model.missing)
    fail(column, "the model takes no missing values");
  if (!missing && typeof cell !== "number")
    fail(column, `${JSON.stringify(cell)} is no number`);
  const less = missing ? column.fill : f(cell - column.origin);
  const value = f(f(less - column.shift) * column.scale);
  if (!(Math.abs(value) <= 3.4028234663852886e38))
    fail(column, `${cell} is out of range`);
  x[to] = stored(value);
  if (column.tells)
    x[to + 1] = missing ? 1 : 0;
}

function putNumbers(column, cells, x) {
  const list = column.cells === 1 && (cells === null || cells.length === undefined) ? [cells] : cells;
  if (list === null || typeof list !== "object" || list.length !== column.cells)
    fail(column, column.cells === 1 ? `${JSON.stringify(cells)} is no number`
      : `an array of ${column.cells} numbers is wanted`);
  for (let i = 0; i < column.cells; i++)
    putNumber(column, list[i], column.first + i, x);
}

function putCategory(column, cell, x) {
  const text = cell === null || Number.isNaN(cell) ? "" : String(cell);
  let k = column.categories.indexOf(text);
  if (k < 0 && (model.unknown === "error" || text === "" && !model.missing))
    fail(column, text === "" ? "a missing value, of which the training data had none"
      : `${JSON.stringify(text)} is no category that the training data had`);
  if (k < 0 && model.unknown === "most-frequent")
    k = column.other;
  if (k >= 0)
    x[column.first + k] = 1;
}

const has = Object.prototype.hasOwnProperty;

// A row is an object with the names of the columns, or an array in their order. A missing value is null.
function predict(row) {
  const x = new Float32Array(model.inputs);
  if (Array.isArray(row) && row.length > model.columns.length)
    throw new RangeError(`the row has ${row.length} cells, and the model ${model.columns.length} columns`);
  model.columns.forEach((column, k) => {
    const cell = Array.isArray(row) ? row[k] : has.call(row, column.name) ? row[column.name] : undefined;
    if (cell === undefined)
      fail(column, "the row does not have it");
    (column.categories ? putCategory : putNumbers)(column, cell, x);
  });
  const out = run(x);
  if (model.targets)
    return {outputs: Array.from(out, (o, j) => {
      const {origin, scale, shift} = model.targets[j];
      return origin + (o / scale + shift);
    })};
  const sure = Array.from(out, (o, j) => (model.factors ? model.factors[j] * o : o));
  const best = sure.reduce((top, s, j) => (s > sure[top] ? j : top), 0);
  return {outputs: Array.from(out), label: model.classes[best]};
}
