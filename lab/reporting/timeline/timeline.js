// The timeline. What it shares with other pages is in shared.js, before it. `drawn` has the lanes, as drawn.py makes
// them; their arrays are in `packed`. Only what is in view is drawn, of long lanes from a level that is coarse enough.

const FONT = "12px Inter, ui-sans-serif, system-ui, sans-serif";
const NOTHING = "\u00a0";
const clamped = (value, low, high) => Math.min(Math.max(value, low), high);

/** The first place in sorted `values` whose value is not less than `value`. */
function placeOf(values, value) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

/** 754.5 as `12:34.500`; below two minutes, seconds alone. */
function timeOf(seconds, digits = 3) {
  if (Math.abs(seconds) < 120) return `${seconds.toFixed(digits)} s`;
  const whole = Math.floor(Number(seconds.toFixed(digits)));
  const rest = (seconds - whole).toFixed(digits).slice(1);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (!parts[0]) parts.shift();
  return parts.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":") + (digits ? rest : "");
}

// Arrays

async function unpacked(text) {
  const characters = atob(text.trim());
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/** Reads what is put away at places of a buffer: arrays at once, lines when they are asked for. */
function reader(buffer) {
  const kinds = { f8: Float64Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array };
  return (place) => {
    if (place.as !== "lines") return new kinds[place.as](buffer, place.at, place.of);
    let lines = null;
    return () => (lines ??= place.of ? new TextDecoder().decode(new Uint8Array(buffer, place.at, place.bytes)).split("\n") : []);
  };
}

// Colours: the style sheet's, as the theme has them.

const colours = new Map();

function readColours() {
  const probe = document.body.appendChild(element("i"));
  for (const name of ["c0", "c1", "c2", "c3", "c4", "c5", "good", "bad", "warn", "soft", "ink", "line", "sheet", "sunk", "link"]) {
    probe.style.color = `var(--${name})`;
    colours.set(name, getComputedStyle(probe).color);
  }
  probe.remove();
}

// The part of time that is in view.

class View {
  constructor(begin, end, shortest) {
    Object.assign(this, { begin, end, from: begin, to: end, shortest, onChange: () => {} });
  }

  get span() { return this.to - this.from; }

  show(from, span) {
    const room = Math.max(this.end - this.begin, 1e-3);
    span = clamped(span, Math.min(this.shortest, room), room);
    this.from = clamped(from, this.begin, this.begin + room - span);
    this.to = this.from + span;
    this.onChange();
  }

  zoom(factor, around) {
    const span = this.span * factor;
    const share = (around - this.from) / this.span;
    this.show(around - share * clamped(span, Math.min(this.shortest, this.end - this.begin), this.end - this.begin), span);
  }

  /** Bring a time into view if it is not. */
  reveal(time, share = 0.5) {
    if (time < this.from || time > this.to) this.show(time - share * this.span, this.span);
  }
}

/** What a lane draws with: `width` and `height` in CSS pixels, and where a time is. */
class Sheet {
  constructor(canvas, view) {
    const ratio = devicePixelRatio || 1;
    this.width = canvas.clientWidth;
    this.height = canvas.clientHeight;
    if (canvas.width !== Math.round(this.width * ratio)) canvas.width = Math.round(this.width * ratio);
    if (canvas.height !== Math.round(this.height * ratio)) canvas.height = Math.round(this.height * ratio);
    this.from = view.from;
    this.to = view.to;
    this.scale = this.width / (view.to - view.from);
    this.pen = canvas.getContext("2d");
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.pen.clearRect(0, 0, this.width, this.height);
    this.pen.font = FONT;
    this.pen.textBaseline = "middle";
  }

  x(time) { return (time - this.from) * this.scale; }

  /** Values at the side, each with a line. */
  ticks(ticks, lines = true) {
    const { pen, width, height } = this;
    for (const [text, share] of ticks) {
      const y = clamped(height * (1 - share), 7, height - 7);
      pen.fillStyle = colours.get("line");
      if (lines) pen.fillRect(0, Math.round(height * (1 - share)), width, 1);
      const room = pen.measureText(text).width;
      pen.fillStyle = colours.get("sheet");
      pen.globalAlpha = 0.75;
      pen.fillRect(0, y - 7, room + 6, 14);
      pen.globalAlpha = 1;
      pen.fillStyle = colours.get("soft");
      pen.fillText(text, 3, y);
    }
  }
}

/** For each pixel from `first` to `last` of what lies at `x(place)`, the lowest and the highest of lows and highs. */
function drawBand(pen, height, lows, highs, first, last, x) {
  let column = Math.floor(x(first)), low = 255, high = 0, before = null;
  const put = () => {
    if (low > high) return;
    let [bottom, top] = [low, high];
    if (before) { bottom = Math.min(bottom, before[1]); top = Math.max(top, before[0]); } // no gap to the column before
    before = [low, high];
    const y = height * (1 - top / 255);
    pen.fillRect(column, y, 1, Math.max(1, height * (1 - bottom / 255) - y));
  };
  for (let place = first; place < last; place++) {
    const here = Math.floor(x(place));
    if (here !== column) { put(); column = here; low = 255; high = 0; }
    if (lows[place] < low) low = lows[place];
    if (highs[place] > high) high = highs[place];
  }
  put();
}

// Lanes. `draw` draws on a sheet, `at` says what is at a time, and where it begins.

class Waves {
  height = 120;
  static tones = ["c0", "c2", "c1", "c3", "c4", "c5"]; // of axes, as in the report

  constructor(lane, read) {
    this.lane = lane;
    const [lows, highs] = [read(lane.lows), read(lane.highs)];
    const count = lows.length / lane.axes.length;
    const cut = (values) => lane.axes.map((_, axis) => values.subarray(axis * count, (axis + 1) * count));
    this.levels = [{ step: lane.step, lows: cut(lows), highs: cut(highs) }];
    while (this.levels.at(-1).lows[0].length > 1024) this.levels.push(Waves.coarser(this.levels.at(-1)));
    this.legend = lane.axes.map((name, axis) => ({ name, tone: Waves.tones[axis % Waves.tones.length], hidden: false }));
  }

  static coarser({ step, lows, highs }) {
    const halved = (values, pick) => {
      const found = new Uint8Array(Math.ceil(values.length / 2));
      for (let at = 0; at < found.length; at++) found[at] = pick(values[2 * at], values[2 * at + 1] ?? values[2 * at]);
      return found;
    };
    return {
      step: 2 * step,
      lows: lows.map((axis) => halved(axis, (a, b) => (a < b ? a : b))),
      highs: highs.map((axis) => halved(axis, (a, b) => (a > b ? a : b))),
    };
  }

  draw(sheet, isSmall = false) {
    const { pen, height } = sheet;
    if (!isSmall) sheet.ticks(this.lane.ticks);
    const { step, lows, highs } = this.levels.findLast((level) => level.step * sheet.scale <= 1) ?? this.levels[0];
    const first = Math.max(0, Math.floor((sheet.from - this.lane.begin) / step) - 1);
    const last = Math.min(lows[0].length, Math.ceil((sheet.to - this.lane.begin) / step) + 1);
    const x = (place) => sheet.x(this.lane.begin + place * step);
    for (const [axis, { tone, hidden }] of this.legend.entries()) {
      if (hidden) continue;
      pen.fillStyle = pen.strokeStyle = colours.get(tone);
      if (step * sheet.scale <= 1) drawBand(pen, height, lows[axis], highs[axis], first, last, x);
      else this.drawLine(pen, height, lows[axis], highs[axis], first, last, x);
    }
  }

  drawLine(pen, height, lows, highs, first, last, x) {
    pen.lineWidth = 1.25;
    pen.beginPath();
    for (let place = first; place < last; place++) {
      pen.lineTo(x(place + (lows[place] === highs[place] ? 0.5 : 0.25)), height * (1 - highs[place] / 255));
      if (lows[place] !== highs[place]) pen.lineTo(x(place + 0.75), height * (1 - lows[place] / 255));
    }
    pen.stroke();
  }
}

class Picture {
  height = 110;

  constructor(lane, read) {
    this.lane = lane;
    this.levels = [{ step: lane.step, values: read(lane.values) }];
    const colour = read(lane.colours);
    this.palette = Uint32Array.from({ length: 256 }, (_, value) =>
      (255 << 24) | (colour[3 * value + 2] << 16) | (colour[3 * value + 1] << 8) | colour[3 * value]);
    this.legend = [];
    this.scratch = document.createElement("canvas");
  }

  /** The coarsest level of which a column is no wider than a pixel; it is made when it is first needed. */
  level(widest) {
    const { lines } = this.lane;
    while (this.levels.at(-1).step * 2 <= widest && this.levels.at(-1).values.length > lines * 512) {
      const { step, values } = this.levels.at(-1);
      const columns = values.length / lines, found = new Uint8Array(Math.ceil(columns / 2) * lines);
      for (let column = 0; column < columns; column += 2) {
        const other = Math.min(column + 1, columns - 1) * lines;
        for (let line = 0; line < lines; line++) found[(column / 2) * lines + line] = (values[column * lines + line] + values[other + line] + 1) >> 1;
      }
      this.levels.push({ step: 2 * step, values: found });
    }
    return this.levels.findLast((level) => level.step <= widest) ?? this.levels[0];
  }

  draw(sheet) {
    const { pen, width, height } = sheet, { lines, begin } = this.lane;
    const { step, values } = this.level(1 / sheet.scale);
    const first = Math.max(0, Math.floor((sheet.from - begin) / step));
    const last = Math.min(values.length / lines, Math.ceil((sheet.to - begin) / step));
    if (last <= first) return;
    const columns = last - first;
    this.scratch.width = columns;
    this.scratch.height = lines;
    const scratch = this.scratch.getContext("2d"), image = scratch.createImageData(columns, lines);
    const pixels = new Uint32Array(image.data.buffer);
    for (let column = 0; column < columns; column++)
      for (let line = 0; line < lines; line++)
        pixels[(lines - 1 - line) * columns + column] = this.palette[values[(first + column) * lines + line]];
    scratch.putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.scratch, sheet.x(begin + first * step), 0, columns * step * sheet.scale, height);
    sheet.ticks(this.lane.ticks, false);
  }
}

class Curves {
  height = 120;
  static dashes = [[], [6, 3], [2, 3]];

  constructor(lane, read) {
    this.lane = lane;
    this.times = read(lane.times);
    this.values = read(lane.values);
    this.told = read(lane.told);
    const count = {};
    this.legend = lane.names.map((name, place) => {
      const tone = lane.tones[place];
      const before = tone === "soft" ? 0 : (count[tone] = (count[tone] ?? -1) + 1);
      return { name, tone, dash: before % Curves.dashes.length, hidden: false };
    });
  }

  draw(sheet) {
    const { pen, width, height } = sheet, { times, values, legend } = this;
    sheet.ticks(this.lane.ticks);
    if (this.lane.threshold !== null) {
      pen.strokeStyle = colours.get("ink");
      pen.setLineDash([4, 4]);
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(0, height * (1 - this.lane.threshold));
      pen.lineTo(width, height * (1 - this.lane.threshold));
      pen.stroke();
      pen.setLineDash([]);
    }
    const first = Math.max(0, placeOf(times, sheet.from) - 1), last = Math.min(times.length, placeOf(times, sheet.to) + 2);
    const dense = last - first > sheet.width;
    const curves = legend.map((one, curve) => ({ ...one, curve })).filter((one) => !one.hidden);
    curves.sort((a, b) => (b.tone === "soft") - (a.tone === "soft"));
    for (const { curve, tone, dash } of curves) {
      pen.strokeStyle = pen.fillStyle = colours.get(tone);
      pen.lineWidth = tone === "soft" ? 1 : 1.75;
      if (dense) {
        const column = new Uint8Array(last - first);
        for (let place = first; place < last; place++) column[place - first] = values[place * legend.length + curve];
        drawBand(pen, height, column, column, 0, column.length, (place) => sheet.x(times[first + place]));
        continue;
      }
      const y = (place) => height * (1 - values[place * legend.length + curve] / 255);
      if (this.lane.joined) {
        pen.setLineDash(Curves.dashes[dash]);
        pen.beginPath();
        for (let place = first; place < last; place++) pen.lineTo(sheet.x(times[place]), y(place));
        pen.stroke();
        pen.setLineDash([]);
        if (width / (last - first) < 16) continue;
      }
      for (let place = first; place < last; place++) {
        pen.beginPath();
        pen.arc(sheet.x(times[place]), y(place), tone === "soft" ? 1.5 : 2.5, 0, 7);
        pen.fill();
      }
    }
  }

  at(time) {
    const after = placeOf(this.times, time);
    const nearest = after && (after === this.times.length || time - this.times[after - 1] < this.times[after] - time) ? after - 1 : after;
    return nearest < this.times.length ? { begin: this.times[nearest], end: this.times[nearest], told: this.told()[nearest] } : null;
  }
}

class Load {
  height = 46;

  constructor(lane, read) {
    Object.assign(this, { begins: read(lane.begins), ends: read(lane.ends), shares: read(lane.shares), legend: [] });
  }

  draw(sheet) {
    const { pen, height } = sheet;
    pen.fillStyle = colours.get("c1");
    pen.globalAlpha = 0.55;
    let column = -1, sum = 0, seconds = 0;
    const put = () => { if (seconds) { const high = (height * sum) / seconds; pen.fillRect(column, height - high, 1, high); } sum = seconds = 0; };
    for (let place = Math.max(0, placeOf(this.ends, sheet.from)); place < this.begins.length && this.begins[place] < sheet.to; place++) {
      const share = this.shares[place] / 255, x = sheet.x(this.begins[place]), end = sheet.x(this.ends[place]);
      if (end - x >= 1) {
        put();
        const left = Math.round(x); // so that no seam is left
        pen.fillRect(left, height * (1 - share), Math.round(end) - left, height * share);
        continue;
      }
      if (Math.floor(x) !== column) { put(); column = Math.floor(x); }
      sum += share * (end - x);
      seconds += end - x;
    }
    put();
    pen.globalAlpha = 1;
    sheet.ticks([["100 %", 1]]);
  }

  at(time) {
    const place = placeOf(this.ends, time);
    if (place >= this.begins.length || this.begins[place] > time) return null;
    const awake = Math.round((this.shares[place] / 255) * 100);
    return { begin: this.begins[place], end: this.ends[place], told: `the core was awake for ${awake} % of this time and slept for ${100 - awake} %` };
  }
}

class Items {
  static rowHeight = 20;

  constructor(lane, read) {
    this.lane = lane;
    for (const name of ["begins", "ends", "label", "tone", "row", "told"]) this[name] = read(lane[name]);
    this.bare = lane.labels.length === 1 && !lane.labels[0];
    this.height = this.bare ? 14 : lane.rows * Items.rowHeight + 6;
    this.longest = 0;
    for (let place = 0; place < this.begins.length; place++) this.longest = Math.max(this.longest, this.ends[place] - this.begins[place]);
    this.legend = [];
    this.widths = new Map();
  }

  first(time) { return placeOf(this.begins, time - this.longest); }

  draw(sheet) {
    const { pen } = sheet, high = this.bare ? this.height - 4 : Items.rowHeight - 4;
    const waiting = [], drawn = [];
    const write = ({ x, y, place, end }, room) => {
      const text = this.lane.labels[this.label[place]];
      if (!text || room < 12 || (end > x && end <= 0)) return;
      const left = Math.max(x, 0) + 4;
      this.write(pen, text, left, y + high / 2, room - (left - x));
    };
    for (let place = this.first(sheet.from); place < this.begins.length && this.begins[place] <= sheet.to; place++) {
      const row = this.row[place], x = sheet.x(this.begins[place]), end = sheet.x(this.ends[place]);
      const y = 3 + row * Items.rowHeight, tone = this.tone[place];
      const before = waiting[row];
      if (before && before.end > before.x && Math.abs(x - before.end) < 1 && this.label[before.place] === this.label[place]) before.end = end; // one text for all
      else {
        if (before) write(before, x - before.x - 2);
        waiting[row] = { x, y, place, end };
      }
      const pixel = Math.floor(end) * 16 + tone;
      if (end < -200 || (end - x < 1 && drawn[row] === pixel)) continue; // it is there already
      drawn[row] = pixel;
      pen.fillStyle = colours.get(this.lane.tones[tone]);
      if (end - x >= 1) {
        pen.globalAlpha = 0.24;
        pen.fillRect(x, y, end - x, high);
        pen.globalAlpha = 1;
      }
      pen.fillRect(x, y, end - x >= 1 || this.bare ? 1.5 : 2, high);
    }
    for (const one of waiting) if (one) write(one, sheet.width - one.x);
  }

  /** A text, cut to the room there is. */
  write(pen, text, x, y, room) {
    pen.fillStyle = colours.get("ink");
    if (!this.widths.has(text)) this.widths.set(text, pen.measureText(text).width);
    if (this.widths.get(text) <= room) { pen.fillText(text, x, y); return; }
    const count = Math.floor((text.length * room) / this.widths.get(text)) - 1;
    if (count > 1) pen.fillText(`${text.slice(0, count)}…`, x, y);
  }

  /** The item at a time, or one that is less than `near` seconds away; of several the one that begins last. */
  placeAt(time, near, row = null) {
    let found = -1, distance = near;
    for (let place = this.first(time - near); place < this.begins.length && this.begins[place] <= time + near; place++) {
      if (row !== null && this.row[place] !== row) continue;
      const away = Math.max(this.begins[place] - time, time - this.ends[place], 0);
      if (away <= distance) [found, distance] = [place, away];
    }
    return found;
  }

  at(time, near, y) {
    const row = this.lane.rows > 1 ? clamped(Math.floor((y - 3) / Items.rowHeight), 0, this.lane.rows - 1) : null;
    const place = this.placeAt(time, near, row);
    return place < 0 ? null : { begin: this.begins[place], end: this.ends[place], told: this.told()[place] };
  }
}

// Seconds along the top, and all of it to move the view about in.

class Ruler {
  height = 22;
  legend = [];
  static steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

  draw(sheet) {
    const { pen, height, width } = sheet;
    const step = Ruler.steps.find((one) => one * sheet.scale >= 80) ?? Ruler.steps.at(-1);
    const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
    for (let number = Math.floor(sheet.from / step); number * step <= sheet.to; number++) {
      const x = Math.round(sheet.x(number * step));
      pen.fillStyle = colours.get("line");
      pen.fillRect(x, 0, 1, height);
      pen.fillStyle = colours.get("soft");
      if (x < width - 20) pen.fillText(timeOf(number * step, digits), x + 4, height / 2);
    }
  }
}

class Overview {
  height = 44;
  legend = [];

  constructor(view, waves, events) { Object.assign(this, { view, waves, events }); }

  draw(sheet) {
    const { pen, width, height } = sheet;
    this.waves?.draw(sheet, true);
    for (const lane of this.events) {
      let before = "";
      for (let place = 0; place < lane.begins.length; place++) {
        const x = Math.round(sheet.x(lane.begins[place])), tone = lane.lane.tones[lane.tone[place]];
        if (before === x + tone) continue;
        before = x + tone;
        pen.fillStyle = colours.get(tone);
        pen.fillRect(x - 1, height - 9, 2, 9);
      }
    }
    const left = sheet.x(this.view.from), right = Math.max(sheet.x(this.view.to), left + 3);
    pen.fillStyle = colours.get("sunk");
    pen.globalAlpha = 0.72;
    pen.fillRect(0, 0, left, height);
    pen.fillRect(right, 0, width - right, height);
    pen.globalAlpha = 1;
    pen.strokeStyle = colours.get("link");
    pen.lineWidth = 2;
    pen.strokeRect(left + 1, 1, right - left - 2, height - 2);
  }
}

// The page

async function begin() {
  const drawn = JSON.parse(document.getElementById("drawn").textContent);
  const read = reader(await unpacked(document.getElementById("packed").textContent));
  const kinds = { items: Items, curves: Curves, load: Load, waves: Waves, picture: Picture };
  const lanes = drawn.lanes.map((lane) => Object.assign(new kinds[lane.kind](lane, read), { name: lane.name, role: lane.role ?? "" }));
  const waves = lanes.find((lane) => lane instanceof Waves);
  const view = new View(drawn.begin, drawn.end, clamped(20 * (waves?.lane.step ?? 0), 0.01, 2));
  const whole = { from: drawn.begin, to: Math.max(drawn.end, drawn.begin + 1e-3) };
  const box = document.getElementById("lanes");
  const audio = document.querySelector("audio");
  const told = document.querySelector(".told");
  const now = document.querySelector(".now");

  // One row for each lane: its name and legend, and a canvas.
  const overview = new Overview(view, waves, lanes.filter((lane) => lane.role === "events"));
  const rows = [["", overview, "overview"], ["", new Ruler(), "ruler"], ...lanes.map((lane) => [lane.name, lane, ""])].map(([name, lane, kind]) => {
    const canvas = element("canvas", { class: kind, "aria-hidden": "true" });
    const place = element("div", { class: "lane", style: `--height:${lane.height}px` }, canvas); // as high as a long legend
    const legend = lane.legend.map((one) => {
      const button = element("button", { type: "button", "aria-pressed": "true", title: `Show or hide ${one.name}`, onclick: () => {
        one.hidden = !one.hidden;
        button.setAttribute("aria-pressed", String(!one.hidden));
        redraw();
      } }, element("i", { class: `dash-${one.dash ?? 0}`, style: `--tone:var(--${one.tone})`, "aria-hidden": "true" }), one.name);
      return element("li", {}, button);
    });
    const hint = lane.lane?.told && typeof lane.lane.told === "string" ? lane.lane.told : lane.lane?.thresholdTold;
    const head = element("div", { class: "name", title: hint }, name && element("b", {}, name), legend.length ? element("ul", {}, ...legend) : null);
    box.append(head, place);
    return { lane, canvas, kind, place };
  });
  const cursorLine = box.appendChild(element("hr", { class: "cursor", "aria-hidden": "true" }));
  const hover = document.body.appendChild(element("div", { class: "hover", hidden: true }));

  // Drawing, once a frame at most.
  let waiting = false;
  function redraw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(draw);
  }
  function draw() {
    waiting = false;
    for (const { lane, canvas, kind } of rows) lane.draw(new Sheet(canvas, kind === "overview" ? whole : view));
    placeCursor();
  }
  view.onChange = redraw;

  // The cursor.
  let cursor = drawn.begin;
  function placeCursor() {
    const { offsetLeft, offsetTop, clientWidth } = rows[1].place; // below the overview
    const x = ((cursor - view.from) / view.span) * clientWidth;
    cursorLine.hidden = x < 0 || x > clientWidth;
    cursorLine.style.left = `${offsetLeft + x}px`;
    cursorLine.style.top = `${offsetTop}px`;
    now.value = `${timeOf(cursor)}${cursor >= 120 ? ` (${cursor.toFixed(3)} s)` : ""}`;
  }
  function moveTo(time, { sound = true, say = null } = {}) {
    cursor = clamped(time, drawn.begin, drawn.end);
    if (sound && audio?.duration) audio.currentTime = clamped(cursor - drawn.begin, 0, audio.duration);
    if (say !== null) told.textContent = say || said(cursor);
    placeCursor();
    follow();
  }
  /** What the inference at a time, or the last one before it, said. */
  const steps = lanes.find((lane) => lane.role === "steps");
  function said(time) {
    const place = steps ? placeOf(steps.begins, time + 1e-9) - 1 : -1;
    return place < 0 ? "" : `${timeOf(steps.begins[place])}: ${steps.told()[place]}`;
  }

  // What happened, as a list that goes with the cursor.
  const lists = lanes.filter((lane) => lane instanceof Items);
  const section = document.querySelector(".lists");
  const choice = field(section, "list"), find = field(section, "find");
  let table = null, listed = null, entries = [];
  function fill() {
    listed = lists[choice.selectedIndex];
    const texts = listed.told();
    entries = texts.map((_, place) => place);
    const jump = (place) => element("button", { type: "button", class: "link", onclick: () => go(listed.begins[place], texts[place]) }, timeOf(listed.begins[place]));
    table = new LazyTable(section.querySelector(".lazy"), entries, [
      { head: "Time", width: "8.5rem", value: (place) => listed.begins[place], cell: jump, numeric: true },
      { head: "What", width: "100%", value: (place) => texts[place], title: (place) => texts[place] },
    ], { narrowest: "30rem", empty: "Nothing fits." });
    narrow();
    follow();
  }
  function narrow() {
    const part = find.value.trim().toLowerCase(), texts = listed.told();
    table.keep((place) => texts[place].toLowerCase().includes(part));
    section.querySelector("output").value = `${spelled(table.shown.length)} of ${spelled(entries.length)} lines`;
  }
  function follow() {
    if (!table) return;
    const place = placeOf(listed.begins, cursor + 1e-9) - 1;
    if (place >= 0) table.reveal(place);
  }
  if (lists.length) {
    choice.append(...lists.map((lane) => element("option", {}, lane.name)));
    choice.selectedIndex = lists.length - 1;
    choice.addEventListener("change", fill);
    find.addEventListener("input", narrow);
    section.hidden = false;
  }

  // Going somewhere.
  function go(time, say = null) {
    view.reveal(time);
    moveTo(time, { say: say === null ? "" : `${timeOf(time)}: ${say}` });
  }
  const events = lanes.filter((lane) => lane.role === "events").flatMap((lane) => [...lane.begins].map((time, place) => ({ time, lane, place })));
  events.sort((a, b) => a.time - b.time);
  const eventTimes = events.map((event) => event.time);
  function goTo(times, forward, tell) {
    const place = forward ? placeOf(times, cursor + 1e-6) : placeOf(times, cursor - 1e-6) - 1;
    if (place >= 0 && place < times.length) go(times[place], tell(place));
  }
  function toggle() {
    if (!audio) return;
    if (audio.paused) audio.play().catch(() => {}); else audio.pause(); // what the browser cannot play is said above
  }
  const middle = () => (cursor >= view.from && cursor <= view.to ? cursor : (view.from + view.to) / 2);
  const keys = {
    ArrowLeft: () => view.show(view.from - view.span / 8, view.span),
    ArrowRight: () => view.show(view.from + view.span / 8, view.span),
    "+": () => view.zoom(1 / 1.6, middle()),
    "=": () => view.zoom(1 / 1.6, middle()),
    ArrowUp: () => view.zoom(1 / 1.6, middle()),
    "-": () => view.zoom(1.6, middle()),
    ArrowDown: () => view.zoom(1.6, middle()),
    "0": () => view.show(drawn.begin, Infinity),
    Home: () => go(drawn.begin),
    End: () => go(drawn.end),
    ",": () => steps && goTo(steps.begins, false, (place) => steps.told()[place]),
    ".": () => steps && goTo(steps.begins, true, (place) => steps.told()[place]),
    "[": () => goTo(eventTimes, false, (place) => events[place].lane.told()[events[place].place]),
    "]": () => goTo(eventTimes, true, (place) => events[place].lane.told()[events[place].place]),
    " ": toggle,
  };
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const button of all("[data-key]")) button.addEventListener("click", () => keys[button.dataset.key]());

  // Pointers: over the overview they move the view, over lanes they drag, click and pinch.
  const timeAt = (event, canvas, part = view) => part.from + ((event.clientX - canvas.getBoundingClientRect().left) / canvas.clientWidth) * (part.to - part.from);
  const what = (event, { lane, canvas }) => {
    const time = timeAt(event, canvas), near = (6 / canvas.clientWidth) * view.span;
    return lane.at?.(time, near, event.clientY - canvas.getBoundingClientRect().top) ?? null;
  };
  const pointers = new Map();
  for (const row of rows) {
    const { canvas, kind } = row;
    const isOverview = kind === "overview";
    let pressed = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, event);
      pressed = { x: event.clientX, from: view.from, moved: false };
      if (isOverview) view.show(timeAt(event, canvas, whole) - view.span / 2, view.span);
      hover.hidden = true;
      box.focus({ preventScroll: true });
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!pressed) { if (!isOverview) tellHover(event, row); return; }
      const others = [...pointers.values()].filter((other) => other.pointerId !== event.pointerId);
      if (isOverview) view.show(timeAt(event, canvas, whole) - view.span / 2, view.span);
      else if (others.length === 1) pinch(event, others[0], canvas);
      else if (pressed.moved || Math.abs(event.clientX - pressed.x) > 4) {
        pressed.moved = true;
        box.classList.add("moving");
        view.show(pressed.from - ((event.clientX - pressed.x) / canvas.clientWidth) * view.span, view.span);
      }
      pointers.set(event.pointerId, event);
    });
    const release = (event) => {
      pointers.delete(event.pointerId);
      box.classList.remove("moving");
      if (pressed && !pressed.moved && !isOverview && event.type === "pointerup" && !pointers.size) {
        const found = what(event, row);
        moveTo(timeAt(event, canvas), { say: found ? `${timeOf(found.begin)}: ${found.told}` : "" });
      }
      pressed = null;
    };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("pointerleave", () => { hover.hidden = true; });
    canvas.addEventListener("dblclick", (event) => {
      if (isOverview) return;
      moveTo((what(event, row)?.begin ?? timeAt(event, canvas)) - 0.2, { say: null });
      if (audio?.paused) toggle();
    });
    canvas.addEventListener("wheel", (event) => {
      const turned = event.deltaY * (event.deltaMode ? 16 : 1), aside = event.deltaX * (event.deltaMode ? 16 : 1);
      if (view.span >= view.end - view.begin && turned > 0 && Math.abs(turned) > Math.abs(aside)) return; // the page scrolls on
      event.preventDefault();
      if (event.shiftKey || Math.abs(aside) > Math.abs(turned)) view.show(view.from + ((aside || turned) / canvas.clientWidth) * view.span, view.span);
      else view.zoom(Math.exp(turned * (event.ctrlKey ? 0.01 : 0.002)), isOverview ? middle() : timeAt(event, canvas));
    }, { passive: false });
  }
  function pinch(event, other, canvas) {
    const before = pointers.get(event.pointerId);
    const apart = (one) => Math.max(8, Math.abs(one.clientX - other.clientX));
    view.zoom(apart(before) / apart(event), timeAt({ clientX: (event.clientX + other.clientX) / 2 }, canvas));
  }
  function tellHover(event, row) {
    const found = what(event, row);
    hover.hidden = !found;
    if (!found) return;
    const span = found.end > found.begin ? `${timeOf(found.begin)} to ${timeOf(found.end)}` : timeOf(found.begin);
    hover.replaceChildren(element("b", {}, span), ` ${found.told}`);
    hover.style.left = `${Math.min(event.clientX + 14, innerWidth - hover.offsetWidth - 8)}px`;
    hover.style.top = `${event.clientY + 18 + hover.offsetHeight > innerHeight ? event.clientY - hover.offsetHeight - 10 : event.clientY + 18}px`;
  }

  // Sound: the cursor goes with it, and the view goes on when the cursor leaves it.
  if (audio) {
    const run = () => {
      if (!audio.seeking) moveTo(drawn.begin + audio.currentTime, { sound: false });
      if (!audio.paused) { view.reveal(cursor, 0.1); requestAnimationFrame(run); }
    };
    audio.addEventListener("play", run);
    audio.addEventListener("seeked", () => { if (audio.paused) return; view.reveal(cursor, 0.1); });
    audio.addEventListener("timeupdate", () => { if (audio.paused && document.activeElement === audio) { moveTo(drawn.begin + audio.currentTime, { sound: false }); view.reveal(cursor); } });
    audio.addEventListener("loadedmetadata", () => moveTo(cursor));
    audio.addEventListener("error", () => { document.querySelector(".without-sound").hidden = false; });
    if (audio.error) document.querySelector(".without-sound").hidden = false;
  }

  // An address that ends in #7.5 is about that second, one that ends in #7-9 about those.
  function followAddress() {
    const [from, to] = location.hash.slice(1).split("-").map(Number);
    if (!location.hash || !Number.isFinite(from)) return;
    const span = Number.isFinite(to) && to > from ? to - from : 4;
    view.show(to > from ? from : from - span / 2, span);
    moveTo(from, { say: "" });
  }
  addEventListener("hashchange", followAddress);

  const repaint = () => { readColours(); redraw(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  new ResizeObserver(redraw).observe(box);
  document.querySelector(".controls").hidden = false;
  readColours();
  draw();
  followAddress();
  performance.mark("drawn");
  if (lists.length) requestAnimationFrame(fill); // after the picture is there
}

begin();
