// The viewer. Everything a row says goes through textContent: it is shown, never interpreted.
"use strict";

const PAGE_ROWS = 200;
const $ = (id) => document.getElementById(id);
const state = { about: null, config: "", split: "", rows: [], matching: [], limit: PAGE_ROWS,
                id: "", account: null, steps: [] };

/** An element with attributes and children; strings become text. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Where rows come from: the data inside an exported page, or the server that sent this one. */
const source = $("data") ? embedded(JSON.parse($("data").textContent)) : served();

function embedded(data) {
  return {
    about: async () => data.about,
    rows: async (config, split) => data.lists[`${config}/${split}`] || [],
    row: async (config, split, id) => {
      const found = data.rows[`${config}/${split}/${id}`];
      if (!found) throw new Error(`this page holds no row ${id} of ${config}/${split}`);
      return found;
    },
  };
}

function served() {
  const ask = async (path, asked = {}) => {
    const response = await fetch(`api/${path}?${new URLSearchParams(asked)}`);
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  };
  return {
    about: () => ask("about"),
    rows: (config, split) => ask("rows", { config, split }),
    row: (config, split, id) => ask("row", { config, split, id }),
  };
}

// ---- the list of rows

/** Does a row fit the filter? Words are looked for in all columns, `column:value` in one. */
function fits(row, filter) {
  return filter.toLowerCase().split(/\s+/).filter(Boolean).every((word) => {
    const colon = word.indexOf(":");
    const column = word.slice(0, colon);
    if (colon > 0 && column in row) return String(row[column]).toLowerCase().includes(word.slice(colon + 1));
    return Object.values(row).some((value) => String(value).toLowerCase().includes(word));
  });
}

function showList() {
  state.matching = state.rows.filter((row) => fits(row, $("filter").value));
  const shown = state.matching.slice(0, state.limit);
  $("shown").textContent = state.matching.length === state.rows.length
    ? `${state.rows.length} rows` : `${state.matching.length} of ${state.rows.length} rows`;
  $("rows").replaceChildren(...shown.map((row) => el("li", {},
    el("a", { href: address(row.id), "aria-current": row.id === state.id ? "true" : null, "data-id": row.id },
      el("strong", {}, row.call || row.entry_point || row.instruction || row.nl || row.fault || row.id),
      el("span", {}, [row.id, row.outcome, row.operator, row.reason, row.distribution].filter(Boolean).join(" · "))))));
  $("more").hidden = shown.length === state.matching.length;
}

const address = (id, step) =>
  "#/" + [state.config, state.split, id, step].filter((part) => part !== undefined && part !== "")
    .map(encodeURIComponent).join("/");

// ---- one row

function showRow() {
  const { facts, texts, runs } = state.account;
  // Runs that part somewhere are shown side by side from there, each at its own step.
  state.players = runs.map((run) => player(run, (run.mark ?? 0) - (runs[0].mark ?? 0)));
  $("row").replaceChildren(...[
    el("p", { class: "back" }, el("a", { href: address("") }, "all rows")),
    el("h2", {}, state.id),
    runs.length ? controls(runs) : null,
    el("div", { class: runs.length === 1 ? "beside" : "" },
      el("div", { class: "runs" }, ...state.players.map((item) => item.node)),
      el("div", { class: "texts" }, ...texts.map(shownText))),
    el("details", {}, el("summary", {}, "all columns"),
      el("dl", { class: "facts" }, ...facts.flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]))),
  ].filter(Boolean));
}

function shownText({ title, is_code: isCode, pieces }) {
  const body = el("pre", { class: isCode ? "code" : "prose" });
  for (const piece of pieces) body.append(piece.verdict ? claim(piece) : piece.text);
  const wrong = pieces.filter((piece) => piece.verdict === "contradicted").length;
  const right = pieces.filter((piece) => piece.verdict === "confirmed").length;
  const verdicts = right + wrong
    ? el("small", { class: wrong ? "wrong" : "" }, ` ${right} claims confirmed, ${wrong} contradicted`) : null;
  if (title === "prompt") return el("details", {}, el("summary", {}, "prompt"), body);
  return el("section", { "aria-label": title }, el("h3", {}, title, verdicts), body);
}

function claim(piece) {
  const says = piece.verdict + (piece.found ? `: found ${piece.found}` : "");
  const linked = piece.step !== null && piece.step !== undefined;
  const note = piece.verdict === "contradicted" ? el("ins", {}, ` (found: ${piece.found || "something else"})`) : null;
  return linked
    ? el("a", { href: address(state.id, piece.step), class: `claim ${piece.verdict}`,
                title: `${says}, step ${piece.step}`, "data-step": piece.step }, piece.text, note)
    : el("span", { class: `claim ${piece.verdict}`, title: says }, piece.text, note);
}

function controls(runs) {
  const last = Math.max(...runs.map((run) => run.steps.length)) - 1;
  const mark = runs[0].mark;
  return el("div", { class: "controls", role: "group", "aria-label": "steps" },
    el("button", { type: "button", id: "previous", "aria-label": "previous step", onclick: () => go(state.step - 1) }, "←"),
    el("input", { type: "range", id: "slider", min: 0, max: last, value: 0, "aria-label": "step",
                  oninput: (event) => go(Number(event.target.value)) }),
    el("button", { type: "button", id: "next", "aria-label": "next step", onclick: () => go(state.step + 1) }, "→"),
    el("output", { id: "step" }),
    mark === null || mark === undefined ? null
      : el("button", { type: "button", id: "mark", onclick: () => go(mark) }, "where they part"));
}

/** Code, stack and variables of one run; `show(step)` brings them to `ahead` steps behind it. */
function player(run, ahead) {
  const lines = run.code.replace(/\n$/, "").split("\n").map((text) => el("li", {}, text || " "));
  const words = el("p", { class: "words" });
  const frames = el("div", { class: "frames" });
  const node = el("section", { class: "run", "aria-label": run.title },
    el("h3", {}, run.title, el("code", {}, ` ${run.call}`)),
    el("ol", { class: "code" }, ...lines), words, frames);
  lines[0].parentNode.style.counterReset = `line ${run.label_offset}`;
  const show = (asked) => {
    const wanted = Math.max(0, asked + ahead);
    const at = Math.min(wanted, run.steps.length - 1);
    const step = run.steps[at];
    const stack = stackAt(run.steps, at);
    lines.forEach((line, index) => {
      line.classList.toggle("current", index + 1 === step.line);
      line.classList.toggle("waiting", stack.slice(0, -1).some((frame) => frame.line === index + 1));
    });
    const list = lines[0].parentNode;
    const current = lines[step.line - 1];
    if (current && list.scrollHeight > list.clientHeight) {
      list.scrollTop = current.offsetTop - list.offsetTop - list.clientHeight / 2;
    }
    words.textContent = wanted > at ? `has ended: ${stepInWords(step, run.label_offset)}` : stepInWords(step, run.label_offset);
    frames.replaceChildren(...stack.slice().reverse().map((frame) => frameTable(frame, run.label_offset)));
  };
  return { node, show };
}

function frameTable(frame, offset) {
  const rows = [...frame.variables].map(([name, { value, before, isNew }]) =>
    el("tr", { class: isNew ? "changed" : "" }, el("th", { scope: "row" }, name),
      el("td", {}, value, isNew && before !== undefined ? el("small", {}, ` was ${before}`) : null)));
  return el("table", {}, el("caption", {}, `${frame.name}, L${frame.line + offset}`), el("tbody", {}, ...rows));
}

function go(step) {
  if (!state.account || !state.account.runs.length) return;
  const last = Math.max(...state.account.runs.map((run) => run.steps.length)) - 1;
  state.step = Math.max(0, Math.min(step, last));
  state.players.forEach((item) => item.show(state.step));
  $("slider").value = state.step;
  $("step").textContent = `step ${state.step} of ${last}`;
  document.querySelectorAll("[data-step]").forEach((node) =>
    node.classList.toggle("here", Number(node.dataset.step) === state.step));
  history.replaceState(null, "", address(state.id, state.step));
}

// ---- the address decides what is shown

async function follow() {
  const parts = location.hash.replace(/^#\//, "").split("/").filter(Boolean).map(decodeURIComponent);
  const [config = Object.keys(state.about.counts)[0], split = "train", id = "", step] = parts;
  try {
    if (state.account && config === state.config && split === state.split && id === state.id) {
      go(Number(step) || 0);
      return;
    }
    if (config !== state.config || split !== state.split) {
      state.rows = await source.rows(config, split);
      Object.assign(state, { config, split, limit: PAGE_ROWS });
      $("config").value = config;
      $("split").value = split;
    }
    state.id = id;
    state.account = null;
    showList();
    document.body.classList.toggle("one", Boolean(id));
    if (!id) {
      $("row").replaceChildren(el("p", { class: "hint" }, "Choose a row."));
      return;
    }
    state.account = await source.row(config, split, id);
    showRow();
    const mark = state.account.runs.length ? state.account.runs[0].mark : null;
    go(step === undefined ? (mark ?? 0) : Number(step) || 0);
    document.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    $("row").replaceChildren(el("p", { class: "error", role: "alert" }, error.message));
    document.body.classList.add("one");
  }
}

function neighbour(by) {
  const at = state.matching.findIndex((row) => row.id === state.id);
  const next = state.matching[at + by];
  if (next) location.hash = address(next.id);
}

const KEYS = {
  ArrowRight: () => go(state.step + 1),
  ArrowLeft: () => go(state.step - 1),
  Home: () => go(0),
  End: () => go(Infinity),
  m: () => $("mark")?.click(),
  j: () => neighbour(1),
  k: () => neighbour(-1),
  "/": () => $("filter").focus(),
  "?": () => $("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.target === $("filter")) {
    if (event.key === "Escape") $("filter").blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  if (event.target.id === "slider" && event.key.startsWith("Arrow")) return;
  if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

async function start() {
  state.about = await source.about();
  $("name").textContent = `PYX · ${state.about.name}`;
  document.title = `PYX · ${state.about.name}`;
  $("config").append(...Object.entries(state.about.counts).map(([name, splits]) =>
    el("option", { value: name }, `${name} (${Object.values(splits).reduce((a, b) => a + b, 0)})`)));
  $("split").append(...["train", "validation", "test"].map((name) => el("option", { value: name }, name)));
  const changed = () => { location.hash = `#/${$("config").value}/${$("split").value}`; };
  $("config").addEventListener("change", changed);
  $("split").addEventListener("change", changed);
  $("filter").addEventListener("input", () => { state.limit = PAGE_ROWS; showList(); });
  $("more").addEventListener("click", () => { state.limit += PAGE_ROWS; showList(); });
  $("help-button").addEventListener("click", () => $("help").showModal());
  window.addEventListener("hashchange", follow);
  await follow();
}

start();
