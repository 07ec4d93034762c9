"use strict";

const TIERS = ["template", "order", "rag", "llm", "none"];
const EVERY_MS = 2000;
const BOOKS_EVERY = 5;
let round = 0;

const find = (id) => document.getElementById(id);

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

const count = (value) => value.toLocaleString("en");
const share = (value) => (value === null ? "–" : `${(value * 100).toFixed(1)} %`);
const usd = (value) => (value === null ? "–" : `$${value.toFixed(value && value < 0.1 ? 5 : 3)}`);
const ms = (value) => (value === null || value === undefined ? "–" : `${Math.round(value)} ms`);

function bar(shares) {
  const whole = make("div", undefined, "bar");
  whole.setAttribute("role", "img");
  const told = [];
  for (const tier of TIERS) {
    if (!shares[tier]) continue;
    const part = make("span", undefined, tier);
    part.style.width = `${shares[tier] * 100}%`;
    part.title = `${tier} ${share(shares[tier])}`;
    told.push(part.title);
    whole.append(part);
  }
  whole.setAttribute("aria-label", told.join(", ") || "no turn");
  return whole;
}

function legend(shares) {
  const row = make("div", undefined, "legend");
  for (const tier of TIERS) {
    if (!(tier in shares)) continue;
    const one = make("span");
    one.append(make("i", undefined, tier), `${tier} ${share(shares[tier])}`);
    row.append(one);
  }
  return row;
}

function figures(pairs) {
  const row = make("div", undefined, "figures");
  for (const [name, value] of pairs) {
    const one = make("span");
    one.append(make("b", value), ` ${name}`);
    row.append(one);
  }
  return row;
}

function windowOf(name, window) {
  const shares = Object.fromEntries(
    Object.entries(window.tiers).map(([tier, cell]) => [tier, cell.share]),
  );
  const whole = make("div");
  whole.append(
    make("h3", name === "1m" ? "One minute" : "Five minutes"),
    figures([
      ["turns", count(window.turns)],
      ["P50", ms(window.p50_ms)],
      ["P99", ms(window.p99_ms)],
      ["a turn", usd(window.cost_per_turn_usd)],
      ["in all", usd(window.cost_usd)],
      ["without a model", share(window.share_without_model)],
      ["by a simulated model", share(window.share_simulated)],
    ]),
    bar(shares),
    legend(shares),
  );
  return whole;
}

function table(id, heads, rows) {
  const head = make("tr");
  heads.forEach((text) => head.append(make("th", text)));
  const body = rows.map((cells) => {
    const row = make("tr");
    for (const cell of cells) {
      const place = make("td");
      if (cell instanceof Node) place.className = "bar-cell";
      place.append(cell);
      row.append(place);
    }
    return row;
  });
  find(id).replaceChildren(head, ...body);
}

function showLive(live) {
  const names = Object.keys(live.windows);
  find("windows").replaceChildren(...names.map((name) => windowOf(name, live.windows[name])));
  const cases = Object.entries(live.windows["5m"].use_cases);
  table(
    "use-cases",
    ["use case", "turns", "tiers", "P50", "P99", "a turn", "without a model"],
    cases.map(([name, cell]) => [
      name, count(cell.turns), bar(cell.tiers), ms(cell.p50_ms), ms(cell.p99_ms),
      usd(cell.cost_per_turn_usd), share(cell.share_without_model),
    ]),
  );
}

const SUMS = ["turns", "calls", "cost", "a turn", "without a model", "of it simulated"];
const sums = (row) => [
  count(row.turns), count(row.calls), usd(row.cost_usd), usd(row.cost_per_turn_usd),
  share(row.share_without_model), usd(row.simulated_usd ?? null),
];

function showMoney(money) {
  const { reference, sessions, total, prices } = money;
  const marked = money.simulated ? " Models are simulated: nothing was paid." : "";
  find("prices").textContent =
    `The last ${money.days} days. List prices of ${prices.read_on} (${prices.source}).${marked}`;
  table("totals", ["", "here", "reference case"], [
    ["sessions", count(sessions.sessions), "–"],
    ["turns", count(total.turns), "–"],
    ["cost", usd(total.cost_usd), "–"],
    ["a session", usd(sessions.cost_per_session_usd), usd(reference.cost_per_session_usd)],
    ["a turn", usd(total.cost_per_turn_usd), usd(reference.cost_per_turn_usd)],
    ["without a model", share(total.share_without_model), share(reference.share_without_model)],
    ["paid for calls that no reply carries", usd(total.adjusted_usd), "–"],
    ["calls without a known bill", count(money.open_calls.calls), "–"],
  ]);
  table("by-tier", ["tier", ...SUMS], money.by_tier.map((row) => [row.tier, ...sums(row)]));
  const besides = ["share", "reference: share", "a turn"];
  table("by-model-size", ["model", ...SUMS, ...besides], money.by_model_size.map((row) => {
    const told = row.reference;
    const beside = told ? [share(told.share), usd(told.cost_per_turn_usd)] : ["–", "–"];
    return [row.model_size, ...sums(row), share(row.share), ...beside];
  }));
  table("by-use-case", ["use case", ...SUMS], money.by_use_case.map((row) => [row.use_case, ...sums(row)]));
  table("by-day", ["day", ...SUMS], money.by_day.map((row) => [row.day, ...sums(row)]));
  table(
    "by-model",
    ["model", "booked as", "calls", "input", "cached", "cache written", "output", "cost"],
    money.by_model.map((row) => [
      row.simulated ? `${row.model} (simulated)` : row.model, row.kind, count(row.calls),
      count(row.input_tokens), count(row.cached_tokens), count(row.cache_write_tokens),
      count(row.output_tokens), usd(row.cost_usd),
    ]),
  );
}

async function read(path) {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error ?? `HTTP ${answer.status}`);
  return body;
}

async function refresh() {
  const state = find("state");
  try {
    showLive(await read("/live"));
    if (round % BOOKS_EVERY === 0) showMoney(await read("/money?days=7"));
    round += 1;
    state.textContent = `As of ${new Date().toLocaleTimeString()}`;
    state.className = "";
  } catch (failed) {
    state.textContent = `Not read: ${failed.message}`;
    state.className = "bad";
  }
  setTimeout(refresh, EVERY_MS);
}

refresh();
