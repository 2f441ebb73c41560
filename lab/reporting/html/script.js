// The report. What it shares with other pages is in shared.js, before it.

// Runs as tabs; without this script they stand one below the other.
const runs = all(".run");
const tabs = all("[role=tab]");

function showRun(id) {
  for (const [place, run] of runs.entries()) {
    run.hidden = tabs.length > 0 && run.id !== id;
    tabs[place]?.setAttribute("aria-selected", run.id === id);
    if (tabs[place]) tabs[place].tabIndex = run.id === id ? 0 : -1;
  }
}

if (tabs.length) {
  tabs[0].parentElement.hidden = false;
  for (const run of runs) run.setAttribute("role", "tabpanel");
  for (const [place, tab] of tabs.entries()) {
    tab.addEventListener("click", () => { showRun(runs[place].id); history.replaceState(null, "", `#${runs[place].id}`); });
    tab.addEventListener("keydown", ({ key }) => {
      const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: -1 }[key];
      if (to !== undefined) { const next = tabs.at(to % tabs.length); next.focus(); next.click(); }
    });
  }
  showRun(runs[0].id);
}

/** Show what the address names: its run, and the recording if it is one. */
function followAddress() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const run = target?.closest(".run");
  if (!run) return;
  showRun(run.id);
  if (target.matches("details")) { target.open = true; target.hidden = false; }
  target.scrollIntoView();
}
addEventListener("hashchange", followAddress);

// Symbols: the table is made when it is opened for the first time.
const openSymbols = new Map();

function symbolTable(details) {
  const rows = JSON.parse(details.querySelector("script").textContent);
  const columns = [
    { head: "Symbol", width: "50%", value: (row) => row[0], cell: (row) => element("code", {}, row[0]), title: (row) => row[0] },
    { head: "Size", width: "14%", value: (row) => row[1], numeric: true },
    { head: "Section", width: "14%", value: (row) => row[2] },
    { head: "Library", width: "22%", value: (row) => row[3], cell: (row) => row[3] || "no library", title: (row) => row[3] },
  ];
  const table = new LazyTable(details.querySelector(".lazy"), rows, columns, { narrowest: "38rem" });
  const library = field(details, "library");
  const refresh = () => {
    const find = field(details, "find").value.toLowerCase();
    const section = field(details, "section").value;
    const anyLibrary = library.selectedIndex === 0;
    table.keep((row) => row[0].toLowerCase().includes(find) && (!section || row[2] === section) && (anyLibrary || row[3] === library.value));
    const bytes = table.shown.reduce((sum, row) => sum + row[1], 0);
    details.querySelector("output").textContent = `${spelled(table.shown.length)} of ${spelled(rows.length)} symbols, ${spelled(bytes)} bytes`;
  };
  onFilters(details.querySelector(".filters"), refresh);
  refresh();
  return refresh;
}

for (const details of all(".symbols")) {
  details.addEventListener("toggle", () => {
    if (details.open && !openSymbols.has(details)) openSymbols.set(details, symbolTable(details));
  });
}
for (const button of all("[data-library]")) {
  button.addEventListener("click", () => {
    const details = document.getElementById(`${button.dataset.run}-symbols`);
    details.open = true;
    if (!openSymbols.has(details)) openSymbols.set(details, symbolTable(details));
    const select = field(details, "library");
    select.selectedIndex = [...select.options].findIndex((option, place) => place && option.value === button.dataset.library);
    openSymbols.get(details)();
    details.scrollIntoView({ block: "nearest" });
  });
}

// All recordings.
const NAME = 0, IS = 1, DECIDED = 2, SCORES = 3, HOST = 4, INSTRUCTIONS = 5, CYCLES = 6, DIFFERENCE = 7;

function clipTable(section) {
  const { labels, scores, threshold, command, rows } = JSON.parse(section.querySelector("script").textContent);
  const places = new Map(rows.map((row, place) => [row, place]));
  const cards = new Set(section.dataset.cards.split(" ").filter(Boolean).map(Number));
  const decision = (row) => element("span", { class: row[IS] === row[DECIDED] ? "" : "bad" }, labels[row[DECIDED]]);
  const highest = (row) => (row[SCORES].length ? Math.max(...row[SCORES]) : -129);
  const second = (row) => [...row[SCORES]].sort((a, b) => b - a)[1] ?? highest(row);
  const run = section.closest(".run").id;
  const details = { labels, scores, threshold, command, run, cards, places };
  const open = (row) => element("button", { type: "button", class: "link", onclick: () => showRecording(row, details) }, row[NAME]);
  const columns = [
    { head: "Recording", width: "27%", value: (row) => row[NAME], cell: open, title: (row) => row[NAME] },
    { head: "Is", width: "11%", value: (row) => labels[row[IS]] },
    { head: "Decided", width: "11%", value: (row) => labels[row[DECIDED]], cell: decision },
    { head: "Score", width: "8%", value: highest, numeric: true },
    ...(scores.length < 2 ? [] : [{ head: "Lead", width: "8%", value: (row) => highest(row) - second(row), numeric: true, title: () => "highest score less the second" }]),
    { head: "Instructions", width: "14%", value: (row) => row[INSTRUCTIONS], numeric: true },
    { head: "First difference", width: "21%", value: (row) => row[DIFFERENCE] || "", cell: (row) => row[DIFFERENCE] || element("span", { class: "faint" }, "none"), title: (row) => row[DIFFERENCE] || null },
  ];
  const table = new LazyTable(section.querySelector(".lazy"), rows, columns, { narrowest: "46rem", empty: "No recording fits." });
  const shows = {
    "": () => true,
    wrong: (row) => row[IS] !== row[DECIDED],
    right: (row) => row[IS] === row[DECIDED],
    differs: (row) => row[DIFFERENCE] !== 0,
  };
  const refresh = () => {
    const find = field(section, "find").value.toLowerCase();
    const show = shows[field(section, "show").value];
    const is = field(section, "is").selectedIndex - 1;
    const decided = field(section, "decided").selectedIndex - 1;
    table.keep((row) => show(row) && (is < 0 || row[IS] === is) && (decided < 0 || row[DECIDED] === decided) && row[NAME].toLowerCase().includes(find));
    section.querySelector("output").textContent = `${spelled(table.shown.length)} of ${spelled(rows.length)} recordings`;
  };
  onFilters(section.querySelector(".filters"), refresh);
  section.querySelector("[type=reset]").addEventListener("click", () => {
    for (const one of all("input", section)) one.value = "";
    for (const one of all("select", section)) one.selectedIndex = 0;
    refresh();
  });
  refresh();
  return refresh;
}

const refreshClips = new Map(all(".all").map((section) => [section.id, clipTable(section)]));

for (const cell of all(".confusion [data-is]")) {
  cell.addEventListener("click", () => {
    const section = document.getElementById(`${cell.dataset.run}-all`);
    field(section, "find").value = "";
    field(section, "show").value = "";
    field(section, "is").value = cell.dataset.is;
    field(section, "decided").value = cell.dataset.decided;
    refreshClips.get(section.id)();
    section.scrollIntoView();
  });
}

/** One recording in a dialog: its scores, its numbers, how to play it again. */
function showRecording(row, { labels, scores, threshold, command, run, cards, places }) {
  const dialog = document.getElementById("recording");
  const hosts = row[HOST] || row[SCORES];
  const longest = Math.max(threshold, ...row[SCORES], ...hosts, 1);
  const share = (score) => `${(threshold === null ? (score + 128) / 255 : Math.max(score, 0) / longest) * 100}%`;
  const lines = row[SCORES].slice(0, scores.length).map((score, place) => {
    const host = hosts[place] ?? null;
    const roles = [scores[place] === labels[row[IS]] && "actual", scores[place] === labels[row[DECIDED]] && "decided"].filter(Boolean);
    return element("tr", { class: [...roles, host !== score && "unequal"].filter(Boolean).join(" ") },
      element("th", { scope: "row" }, `${scores[place]} `, element("small", {}, roles.join(", "))),
      element("td", { class: "n" }, spelled(score)),
      element("td", { class: "grow" }, element("span", { class: "pair", "aria-hidden": "true" },
        element("i", { style: `width:${share(score)}` }), element("i", { style: `width:${host === null ? "0%" : share(host)}` }))),
      element("td", { class: "n" }, host === null ? "–" : spelled(host)));
  });
  const line = `${command} --clip ${quoted(row[NAME])}`;
  const fact = (term, ...what) => element("div", { class: term === "Play it again" && "line" }, element("dt", {}, term), element("dd", {}, ...what));
  const copy = element("button", { type: "button", class: "quiet copy" }, "Copy");
  const index = places.get(row);
  document.getElementById("recording-name").textContent = row[NAME];
  document.getElementById("recording-body").replaceChildren(
    element("p", {}, `${labels[row[IS]]} → `, element("b", { class: row[IS] === row[DECIDED] ? "good" : "bad" }, labels[row[DECIDED]]),
      cards.has(index) ? element("a", { href: `#${run}-clip-${index}`, style: "float:right", onclick: () => dialog.close() }, "Signal and picture") : null),
    element("table", { class: "scores" },
      element("thead", {}, element("tr", {}, ...["Score", "Device", "", "Host"].map((head) => element("th", { scope: "col", class: head === "Score" || !head ? "" : "n" }, head)))),
      element("tbody", {}, ...lines)),
    element("dl", { class: "numbers" },
      threshold === null ? null : fact("Threshold", spelled(threshold)),
      fact("First difference", row[DIFFERENCE] || "none"),
      fact("Inference", row[INSTRUCTIONS] === null ? "not counted" : `${spelled(row[INSTRUCTIONS])} instructions${row[CYCLES] === null ? "" : `, ${spelled(row[CYCLES])} cycles modelled`}`),
      fact("Play it again", element("span", { class: "typed" }, element("code", {}, line), copy))));
  copyFrom(copy, line);
  dialog.showModal();
}

/** As Python's shlex.quote. */
const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`);

// Lines to copy. The clipboard is there for files and https only.
function copyFrom(button, text) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}
for (const line of all(".typed")) copyFrom(line.querySelector(".copy"), line.querySelector("code").textContent);

// Sounds: read when their recording is opened; the line in the waveform follows, and a click there jumps.
for (const card of all(".card")) {
  const audio = card.querySelector("audio");
  const wave = card.querySelector(".wave");
  if (!audio) continue;
  const prepare = () => { if (card.open) audio.preload = "metadata"; };
  card.addEventListener("toggle", prepare);
  prepare();
  const follow = () => {
    wave.querySelector(".playhead").style.left = `${(audio.currentTime / audio.duration) * 100 || 0}%`;
    wave.classList.toggle("playing", audio.currentTime > 0 && !audio.ended);
    if (!audio.paused) requestAnimationFrame(follow);
  };
  for (const event of ["play", "pause", "ended", "seeked"]) audio.addEventListener(event, follow);
  wave.addEventListener("click", (event) => {
    const box = wave.getBoundingClientRect();
    audio.currentTime = ((event.clientX - box.left) / box.width) * (audio.duration || 0);
    audio.play();
  });
}

// A stream: a click on a mark says what it is and plays the sound there; a line in the timeline follows.
for (const stream of all(".stream")) {
  const audio = stream.querySelector("audio");
  const rows = all(".row", stream);
  for (const mark of all(".timeline button", stream)) {
    mark.addEventListener("click", () => {
      stream.querySelector(".told").textContent = mark.title;
      if (!audio) return;
      audio.currentTime = Number(mark.dataset.from);
      audio.play().catch(() => {}); // what the browser cannot play is said below
    });
  }
  if (!audio) continue;
  const follow = () => {
    for (const row of rows) {
      const share = (audio.currentTime - row.dataset.start) / row.dataset.seconds;
      row.classList.toggle("playing", audio.currentTime > 0 && share >= 0 && share < 1);
      row.querySelector(".playhead").style.left = `${share * 100}%`;
    }
    if (!audio.paused) requestAnimationFrame(follow);
  };
  for (const event of ["play", "pause", "ended", "seeked"]) audio.addEventListener(event, follow);
  audio.addEventListener("error", () => { stream.querySelector(".without-sound").hidden = false; });
}

for (const button of all(".open-all")) {
  const cards = all(".card", document.getElementById(button.getAttribute("aria-controls")));
  button.hidden = cards.length < 2;
  button.addEventListener("click", () => {
    const shown = cards.filter((card) => !card.hidden);
    const open = shown.some((card) => !card.open);
    for (const card of shown) card.open = open;
    button.textContent = open ? "Close all" : "Open all";
  });
}

// Cards can be narrowed down once they are too many to look through.
for (const box of all(".filters.of-cards")) {
  const cards = all(".card", box.parentElement);
  box.hidden = cards.length < 9;
  const [find, show, is, decided] = all("[name]", box);
  const narrow = () => {
    const part = find.value.trim().toLowerCase();
    for (const card of cards) {
      const { name, outcome, is: label, decided: taken } = card.dataset;
      card.hidden = !(name.toLowerCase().includes(part) && outcome.includes(show.value)
        && (!is.value || label === is.value) && (!decided.value || taken === decided.value));
    }
    const left = cards.filter((card) => !card.hidden).length;
    box.querySelector("output").value = left === cards.length ? "" : `${left} of ${cards.length}`;
  };
  onFilters(box, narrow);
}

followAddress();
