// The chat page: opens a session, sends turns in order, shows one answer for each.

import { Expired, follow, pause } from "./sse.js";
import { TurnView, connection, handedOver, notice, remark, who } from "./view.js";

const STORE = "tierwise-chat";
const SEND_TIMEOUT_MS = 8_000;
const ATTEMPTS = 5;
const ANSWER_MS = 25_000; // A turn is answered within 20 s.

const turns = new Map(); // turn id to {id, text, state, reply, view}
let session = null;
let opening = null;
let sending = Promise.resolve();

/** 128 random bits; crypto.randomUUID is missing on plain HTTP. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The customer's token from `#token=…`, which then leaves the address bar and the history. */
function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

function save() {
  const said = [...turns.values()].map(({ id, text, state, reply }) => ({ id, text, state, reply }));
  try {
    sessionStorage.setItem(STORE, JSON.stringify({ session, said }));
  } catch {
    sessionStorage.removeItem(STORE); // Full: a reload then starts anew, nothing else is lost.
  }
}

async function post(url, token, body) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const signal = AbortSignal.timeout(SEND_TIMEOUT_MS);
  return fetch(url, { method: "POST", headers, body: body && JSON.stringify(body), signal });
}

async function detailOf(response) {
  try {
    return (await response.json()).detail ?? `The server answered ${response.status}.`;
  } catch {
    return `The server answered ${response.status}.`;
  }
}

const backoff = (attempt) => pause(Math.min(1_000 * 2 ** attempt, 15_000));

/** Opens a session, again and again while the server is away. A bad customer token makes a visitor. */
async function open(token) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await post("/v1/sessions", token);
      if (response.ok) return { ...(await response.json()), customer: Boolean(token), lastId: null };
      notice(await detailOf(response));
      if (response.status === 401) token = null;
    } catch {
      connection("away");
    }
    await backoff(attempt);
  }
}

function use(opened) {
  session = { ...opened, url: `/v1/sessions/${opened.session_id}/events` };
  who(session.customer);
  save();
  listen(session);
}

/** Replaces a session that ended. Two callers share one replacement. */
function renew(old) {
  if (session !== old) return Promise.resolve();
  opening ??= open(null).then((opened) => {
    opening = null;
    const lost = old.customer ? " Open the chat from your account again to be recognised." : "";
    remark(`The chat session had ended and a new one was started.${lost}`);
    use(opened);
  });
  return opening;
}

async function listen(current) {
  try {
    await follow(current, {
      onState: (state) => session === current && connection(state),
      onEvent: (name, data) => heard(name, JSON.parse(data)),
    });
  } catch (error) {
    if (!(error instanceof Expired)) throw error;
    await renew(current);
  }
}

function heard(name, event) {
  const turn = turns.get(event.turn_id);
  if (!turn || turn.reply) return; // The first reply is final: whatever follows is dropped.
  if (name === "preview") turn.view.draft(event.text);
  if (name === "reply") answered(turn, event);
}

function answered(turn, reply) {
  turn.state = "answered";
  turn.reply = reply;
  turn.view.final(reply);
  // A refusal says nothing about who has the conversation.
  if (reply.status !== "refused") handedOver(reply.status === "forwarded");
  save();
}

function stuck(turn, why, again) {
  turn.state = "stuck";
  turn.view.stuck(why, again);
  save();
}

function resend(turn) {
  sending = sending.then(() => deliver(turn));
}

/** Sends one turn until it is taken, with the same id each time: it is answered once. */
async function deliver(turn) {
  turn.view.sending();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (turn.reply) return;
    const current = session;
    const outcome = await attemptSend(turn, current);
    if (outcome === "done") return;
    if (outcome === "expired") await renew(current);
    else await (outcome > 0 ? pause(outcome) : backoff(attempt));
  }
  if (!turn.reply) stuck(turn, "Not sent: we cannot be reached.", true);
}

/** "done", "expired", or the milliseconds to wait before the next attempt (0: our own choice). */
async function attemptSend(turn, current) {
  const url = `/v1/sessions/${current.session_id}/turns`;
  let response;
  try {
    response = await post(url, current.token, { text: turn.text, turn_id: turn.id });
  } catch {
    return 0;
  }
  if (response.status === 202) {
    waiting(turn);
    return "done";
  }
  if (response.status === 401 || response.status === 404) return "expired";
  if (response.status === 429 || response.status >= 500) {
    return 1_000 * Number(response.headers.get("Retry-After") ?? 0);
  }
  stuck(turn, await detailOf(response), false);
  return "done";
}

function waiting(turn) {
  if (turn.reply) return;
  turn.state = "pending";
  turn.view.waiting();
  save();
  setTimeout(() => overdue(turn), ANSWER_MS);
}

/** Asks for the reply once when the stream did not bring it, then offers to send again. */
async function overdue(turn) {
  if (turn.state !== "pending") return;
  try {
    const headers = { Authorization: `Bearer ${session.token}` };
    const url = `/v1/sessions/${session.session_id}/turns/${turn.id}`;
    const response = await fetch(url, { headers, cache: "no-store" });
    if (response.ok) return answered(turn, await response.json());
  } catch {
    connection("away");
  }
  if (turn.state === "pending") stuck(turn, "No answer yet.", true);
}

function add(id, text) {
  const turn = { id, text, state: "new", reply: null };
  turn.view = new TurnView(text, () => resend(turn));
  turns.set(id, turn);
  return turn;
}

function say(text) {
  notice("");
  const turn = add(newId(), text);
  turn.view.sending();
  save();
  resend(turn);
}

/** Shows what was said before a reload. */
function restore(said) {
  for (const { id, text, state, reply } of said) {
    const turn = add(id, text);
    if (reply) answered(turn, reply);
    else if (state === "pending") waiting(turn);
    else stuck(turn, "Not sent.", true);
  }
}

function stored() {
  try {
    const found = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
    return found?.session && found.session.expires_at * 1000 > Date.now() ? found : null;
  } catch {
    return null;
  }
}

function bind() {
  const field = document.getElementById("text");
  const form = document.getElementById("composer");
  const fit = () => {
    field.rows = Math.min(6, field.value.split("\n").length);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value;
    if (!text.trim()) return notice("Write a message first.");
    field.value = "";
    fit();
    say(text);
    field.focus();
  });
  field.addEventListener("input", fit);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  for (const button of document.querySelectorAll("#starters button")) {
    button.addEventListener("click", () => say(button.textContent));
  }
}

async function start() {
  const token = takeToken();
  const before = token ? null : stored();
  if (before) {
    restore(before.said);
    use(before.session);
  } else {
    sending = open(token).then(use);
  }
  bind();
}

start();
