/* The controls of the page of a model. Before it stand `model`, as `export --format javascript` writes it, */
/* `ranges` of the columns in the data, and `probabilities`. */
(() => {
"use strict";
const SVG = "http://www.w3.org/2000/svg";
const COLOURS = ["#2f7ed8", "#d9720b", "#0e9b76", "#c0398e", "#8a63d2", "#b8860b", "#d64545", "#3a8fa8"];
const POINTS = 96;

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function")
      element.addEventListener(name, value);
    else if (value !== false && value !== null)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

const make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

// Four digits, or as many as a whole number has.
function short(value) {
  if (!Number.isFinite(value))
    return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e7 || size < 1e-4) ? value.toExponential(3)
    : String(Number(value.toPrecision(size >= 1e4 ? 6 : 4)));
}

const percent = value => (100 * value).toFixed(value > 0.9995 || value < 0.0005 ? 2 : 1) + " %";
const outputText = value => (model.classes && probabilities ? percent(value) : short(value));
const outputNames = model.classes || model.targets.map(target => target.name);

// Where a slider begins and ends, its middle and the standard deviation of training.
function measure(column, k) {
  const middle = column.origin + column.shift, spread = column.scale ? 1 / Math.abs(column.scale) : 1;
  const [low, high] = ranges[k] || [middle - 3 * spread, middle + 3 * spread];
  const step = 10 ** Math.floor(Math.log10((high - low) / 100));
  const place = value => Number((Math.round(value / step) * step).toPrecision(12));
  return {low, high, spread, step, place, middle: place(Math.min(high, Math.max(low, middle)))};
}

const inputs = model.columns.map((column, k) => {
  if (column.categories)
    return {column, k, start: column.categories.find(name => name !== "") || ""};
  const scale = measure(column, k);
  return {column, k, ...scale, start: column.cells === 1 ? scale.middle : new Array(column.cells).fill(0)};
});
const row = inputs.map(input => input.start);
const first = model.predict(row);
const state = {output: model.classes ? outputNames.indexOf(first.label) : 0,
  input: Math.max(0, inputs.findIndex(input => !isWide(input)))};

function isWide(input) {
  return !input.column.categories && input.column.cells > 1;
}

const simple = inputs.some(input => !isWide(input));

function predictWith(k, value) {
  const changed = row.slice();
  changed[k] = value;
  return model.predict(changed).outputs;
}

// ---- controls ----

function addMissing(input, control) {
  if (input.column.categories || !model.missing || isWide(input))
    return "";
  const box = make("input", {type: "checkbox", input: () => {
    control.disabled(box.checked);
    row[input.k] = box.checked ? null : control.value();
    update();
  }});
  input.setMissing = missing => {
    box.checked = missing;
    control.disabled(missing);
  };
  return make("label", {class: "missing"}, box, "missing");
}

function makeNumber(input) {
  const id = `input${input.k}`;
  const slider = make("input", {type: "range", min: input.low, max: input.high, step: "any",
    "aria-label": input.column.name});
  const field = make("input", {type: "number", id, step: "any"});
  input.set = value => {
    if (input.setMissing)
      input.setMissing(value === null);
    row[input.k] = value;
    if (value !== null)
      slider.value = field.value = value;
  };
  fill(slider, {input: () => {
    field.value = row[input.k] = input.place(slider.valueAsNumber);
    choose(input.k);
  }}, []);
  fill(field, {input: () => {
    if (!Number.isFinite(field.valueAsNumber))
      return;
    slider.value = row[input.k] = field.valueAsNumber;
    choose(input.k);
  }}, []);
  const missing = addMissing(input, {
    value: () => field.valueAsNumber,
    disabled: off => { slider.disabled = field.disabled = off; }
  });
  return make("div", {class: "control"}, make("label", {for: id}, make("bdi", {}, input.column.name)), field, slider,
    missing);
}

function makeCategory(input) {
  const id = `input${input.k}`;
  const select = make("select", {id, input: () => {
    row[input.k] = select.value;
    choose(input.k);
  }}, ...input.column.categories.map(name => make("option", {value: name}, name === "" ? "(missing)" : name)));
  input.set = value => {
    select.value = row[input.k] = value;
  };
  return make("div", {class: "control"}, make("label", {for: id}, make("bdi", {}, input.column.name)), select);
}

// Cells that are a square are drawn by hand; others are a list of numbers.
function makeSquare(input, side) {
  const pixels = make("canvas", {width: side, height: side, class: "pixels", role: "img",
    "aria-label": `${input.column.name}: draw here`});
  const counts = make("canvas", {width: side, height: side, class: "pixels", role: "img", hidden: true});
  const context = pixels.getContext("2d");
  // Bytes go to 255; the data may say more.
  const ink = ranges[input.k] ? input.high : input.high > 128 && input.high < 512 ? 255 : input.high;
  // The slope of each cell, which takes two predictions each.
  function showSlopes() {
    const said = model.predict(row), j = model.classes ? outputNames.indexOf(said.label) : state.output;
    const step = ink / 64, cells = row[input.k];
    const moved = (i, by) => predictWith(input.k, cells.map((cell, k) => (k === i ? cell + by : cell)))[j];
    const slopes = cells.map((_, i) => moved(i, step) - moved(i, -step));
    const top = Math.max(1e-30, ...slopes.map(Math.abs)), image = counts.getContext("2d").createImageData(side, side);
    slopes.forEach((slope, i) => {
      image.data.set([...(slope > 0 ? [47, 126, 216] : [217, 114, 11]), 255 * Math.abs(slope) / top], 4 * i);
    });
    counts.getContext("2d").putImageData(image, 0, 0);
    counts.ariaLabel = `cells that would raise (blue) and lower (orange) ${outputNames[j]}`;
    counts.hidden = false;
  }
  function show() {
    counts.hidden = true;
    const image = context.createImageData(side, side);
    row[input.k].forEach((cell, i) => {
      image.data.set([255, 255, 255, 255 * Math.min(1, Math.max(0, cell / ink))], 4 * i);
    });
    context.clearRect(0, 0, side, side);
    context.putImageData(image, 0, 0);
  }
  function dab(event) {
    const box = pixels.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * side - 0.5;
    const y = (event.clientY - box.top) / box.height * side - 0.5;
    const reach = side / 16;
    row[input.k] = row[input.k].map((cell, i) => {
      const away = Math.hypot(i % side - x, Math.floor(i / side) - y);
      return Math.max(cell, ink * Math.min(1, Math.max(0, 1 + reach / 2 - away)));
    });
    show();
    update();
  }
  fill(pixels, {
    pointerdown: event => {
      pixels.setPointerCapture(event.pointerId);
      dab(event);
    },
    pointermove: event => event.buttons && dab(event)
  }, []);
  input.set = value => {
    row[input.k] = value;
    show();
  };
  return make("div", {class: "control wide-cells"}, make("span", {}, make("bdi", {}, input.column.name)), pixels,
    make("button", {type: "button", click: () => {
      input.set(input.start);
      update();
    }}, "Clear"), make("span", {class: "note"}, `Draw: ${side} x ${side} cells from 0 to ${short(ink)}`),
    make("button", {type: "button", click: showSlopes}, "Show which cells count"), counts,
    make("span", {class: "note"}, "Blue cells would raise the output shown, orange ones would lower it."));
}

function makeList(input) {
  const id = `input${input.k}`;
  const text = make("textarea", {id, rows: 6, input: () => {
    const cells = text.value.split(/[\s,;]+/).filter(word => word !== "").map(Number);
    text.setCustomValidity(cells.length === input.column.cells && cells.every(Number.isFinite) ? ""
      : `${input.column.cells} numbers are wanted`);
    if (!text.reportValidity())
      return;
    row[input.k] = cells;
    update();
  }});
  input.set = value => {
    row[input.k] = value;
    text.value = value.join(" ");
  };
  return make("div", {class: "control wide-cells"}, make("label", {for: id}, make("bdi", {}, input.column.name)), text,
    make("span", {class: "note"}, `${input.column.cells} numbers`));
}

function makeControl(input) {
  if (input.column.categories)
    return makeCategory(input);
  if (!isWide(input))
    return makeNumber(input);
  const side = Math.sqrt(input.column.cells);
  return Number.isInteger(side) && side >= 4 ? makeSquare(input, side) : makeList(input);
}

// ---- what the model says ----

const answer = make("p", {class: "answer", "aria-live": "polite"});
const bars = outputNames.map((name, j) => {
  const fillBar = make("span", {class: "fill"}), value = make("span", {class: "value"});
  const line = make("button", {type: "button", class: "output", click: () => {
    state.output = j;
    update();
  }}, make("bdi", {}, name), model.classes ? make("span", {class: "track"}, fillBar) : "", value);
  return {line, fillBar, value};
});

function showOutputs(said) {
  const top = Math.max(1, ...said.outputs);
  bars.forEach(({line, fillBar, value}, j) => {
    const output = said.outputs[j];
    fillBar.style.width = `${100 * Math.max(0, output) / top}%`;
    value.textContent = outputText(output);
    value.dataset.value = value.title = JSON.stringify(output);
    line.setAttribute("aria-pressed", String(simple && j === state.output));
    line.classList.toggle("decided", Boolean(model.classes) && outputNames[j] === said.label);
  });
  answer.dataset.label = said.label === undefined ? "" : said.label;
  answer.replaceChildren(model.classes ? `${model.target}: ` : `${outputNames[state.output]}: `,
    make("strong", {}, make("bdi", {}, model.classes ? said.label === "" ? "(empty)" : said.label
      : short(said.outputs[state.output]))));
}

// ---- sensitivity ----

const sensitivities = make("div", {class: "sensitivities"});

// How much the output moves: per standard deviation of a number, by its central difference; or to the category that
// moves it most.
function findSensitivity(input, now) {
  const {k, column} = input, j = state.output;
  if (column.categories) {
    return column.categories.filter(name => name !== row[k])
      .map(name => ({by: predictWith(k, name)[j] - now, to: name}))
      .reduce((most, one) => (Math.abs(one.by) > Math.abs(most.by) ? one : most), {by: 0, to: ""});
  }
  if (isWide(input) || row[k] === null)
    return null;
  const step = input.spread / 64;
  const up = row[k] + step, down = row[k] - step;
  return {by: (predictWith(k, up)[j] - predictWith(k, down)[j]) / (up - down) * input.spread};
}

function showSensitivities(said) {
  const found = inputs.slice(0, 100).map(input => ({input, moved: findSensitivity(input, said.outputs[state.output])}))
    .filter(one => one.moved);
  const top = Math.max(1e-30, ...found.map(one => Math.abs(one.moved.by)));
  found.sort((a, b) => Math.abs(b.moved.by) - Math.abs(a.moved.by) || a.input.k - b.input.k);
  sensitivities.replaceChildren(...found.map(({input, moved}) => {
    const part = make("span", {class: moved.by < 0 ? "fill less" : "fill more"});
    part.style.width = `${50 * Math.abs(moved.by) / top}%`;
    const value = make("span", {class: "value", "data-value": JSON.stringify(moved.by)},
      (moved.by > 0 ? "+" : "") +
      (model.classes && probabilities ? `${(100 * moved.by).toFixed(1)} %` : short(moved.by)));
    return make("button", {type: "button", class: "output", "data-column": input.column.name,
      "aria-pressed": String(input.k === state.input), click: () => choose(input.k)},
    make("bdi", {}, input.column.name, moved.to ? make("small", {}, ` to ${moved.to}`) : ""),
    make("span", {class: "track both"}, part), value);
  }));
}

// ---- response ----

const HEIGHT = 300, RIGHT = 14, TOP = 14, BOTTOM = 40;
const response = make("div", {class: "response"});

function findTicks(low, high) {
  const rough = (high - low) / 5 || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find(factor => factor * power >= rough);
  const ticks = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step)
    ticks.push(Number(at.toPrecision(12)));
  return ticks;
}

function findCurves(input) {
  const values = Array.from({length: POINTS + 1}, (_, p) => input.low + (input.high - input.low) * p / POINTS);
  const outputs = values.map(value => predictWith(input.k, value));
  const shown = model.classes && outputNames.length <= COLOURS.length ? outputNames.map((_, j) => j) : [state.output];
  return {values, curves: shown.map(j => ({j, heights: outputs.map(list => list[j])}))};
}

function drawAxes(x, y, ticks, frame) {
  return [
    ...ticks.y.flatMap(tick => [
      draw("line", {class: "gridline", x1: frame.left, x2: frame.width - RIGHT, y1: y(tick), y2: y(tick)}),
      draw("text", {x: frame.left - 8, y: y(tick) + 4, "text-anchor": "end"}, short(tick))]),
    ...ticks.x.map(tick => draw("text", {x: x(tick), y: HEIGHT - BOTTOM + 18, "text-anchor": "middle"}, short(tick))),
  ];
}

function drawCurves(input, said) {
  const {values, curves} = findCurves(input);
  const heights = curves.flatMap(curve => curve.heights);
  let low = Math.min(...heights), high = Math.max(...heights);
  if (model.classes && low > -1e-6 && high < 1 + 1e-6)
    [low, high] = [0, 1];
  else if (high - low < 1e-9 * Math.max(1, Math.abs(high)))
    [low, high] = [low - 1, high + 1];
  const ticks = {x: findTicks(input.low, input.high), y: findTicks(low, high)};
  const width = Math.min(640, Math.max(300, response.clientWidth || 640));
  const left = 16 + 9 * Math.max(...ticks.y.map(tick => short(tick).length));
  const x = value => left + (width - left - RIGHT) * (value - input.low) / (input.high - input.low);
  const y = value => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low);
  const parts = drawAxes(x, y, ticks, {width, left});
  for (const {j, heights: line} of curves) {
    const points = line.map((value, p) => `${x(values[p]).toFixed(1)},${y(value).toFixed(1)}`);
    parts.push(draw("polyline", {points: points.join(" "), fill: "none", stroke: COLOURS[j % COLOURS.length],
      "stroke-width": j === state.output ? 3 : 1.5, opacity: j === state.output ? 1 : 0.65}));
  }
  const at = row[input.k], colour = COLOURS[state.output % COLOURS.length];
  if (at !== null && at >= input.low && at <= input.high)
    parts.push(draw("line", {class: "now", x1: x(at), x2: x(at), y1: TOP, y2: HEIGHT - BOTTOM}),
      draw("circle", {cx: x(at), cy: y(said.outputs[state.output]), r: 5, fill: colour}));
  parts.push(draw("text", {x: (left + width - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle"}, input.column.name));
  return draw("svg", {class: "plot", viewBox: `0 0 ${width} ${HEIGHT}`, role: "img",
    "aria-label": `${outputNames[state.output]} over ${input.column.name}`}, ...parts);
}

// A category has bars in place of a curve.
function listCategories(input) {
  const said = input.column.categories.slice(0, 40)
    .map(name => ({name, output: predictWith(input.k, name)[state.output]}));
  const top = Math.max(1e-30, ...said.map(one => Math.abs(one.output)));
  return make("div", {}, ...said.map(({name, output}) => {
    const part = make("span", {class: "fill"});
    part.style.width = `${100 * Math.abs(output) / (model.classes ? Math.max(1, top) : top)}%`;
    const here = String(name === row[input.k]);
    return make("button", {type: "button", class: "output", "aria-pressed": here, click: () => {
      input.set(name);
      update();
    }}, make("bdi", {}, name === "" ? "(missing)" : name), make("span", {class: "track"}, part),
    make("span", {class: "value"}, outputText(output)));
  }));
}

function showResponse(said) {
  const input = inputs[state.input];
  if (isWide(input)) {
    response.replaceChildren();
    return;
  }
  const shown = model.classes && outputNames.length <= COLOURS.length && !input.column.categories;
  response.replaceChildren(
    make("h3", {}, make("bdi", {}, outputNames[state.output]), " over ", make("bdi", {}, input.column.name)),
    input.column.categories ? listCategories(input) : drawCurves(input, said),
    shown ? make("ul", {class: "legend"}, ...outputNames.map((name, j) => {
      const stroke = make("span", {class: "stroke"});
      stroke.style.borderTopColor = COLOURS[j];
      return make("li", {}, stroke, make("bdi", {}, name));
    })) : "");
}

// ---- all together ----

const trouble = make("p", {class: "mark", role: "alert", hidden: true});

// What takes many predictions comes after the events that are there, once for all of them.
function later(said) {
  const waits = Boolean(state.said);
  state.said = said;
  if (!waits) {
    setTimeout(() => {
      showSensitivities(state.said);
      showResponse(state.said);
      state.said = null;
    });
  }
}

function update() {
  let said;
  try {
    said = model.predict(row);
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
    return;
  }
  trouble.hidden = true;
  showOutputs(said);
  later(said);
}

function choose(k) {
  state.input = k;
  update();
}

function reset() {
  inputs.forEach(input => input.set(input.start));
  update();
}

document.getElementById("play").append(
  make("div", {class: "play"},
    make("div", {class: "controls"}, make("div", {class: inputs.length > 8 ? "list" : ""}, ...inputs.map(makeControl)),
      simple ? make("button", {type: "button", click: reset}, "Back to the middle") : ""),
    make("div", {class: "says"}, answer, trouble,
      make("div", {class: "outputs", hidden: bars.length === 1}, ...bars.map(bar => bar.line)))),
  simple ? make("div", {class: "play"},
    make("div", {}, make("h3", {}, "Sensitivity"),
      make("p", {class: "note"}, "How far the chosen output would go if one input rose by its standard deviation in ",
        "training, by the slope here; of a category, the change to the one that moves it most."), sensitivities),
    response) : "");
reset();
})();
