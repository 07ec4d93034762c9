// Server-sent events over fetch: EventSource cannot send an Authorization header.

const SILENCE_MS = 40_000; // The server speaks every 15 s.
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/** The session is not known any more: open another one. */
export class Expired extends Error {}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Parses lines into events {name, data, id, retry}; yields at each empty line. */
export function parser() {
  let rest = "";
  let event = {};
  const take = (line) => {
    const at = line.indexOf(":");
    if (at === 0) return;
    const field = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? "" : line.slice(at + 1).replace(/^ /, "");
    if (field === "data") event.data = event.data === undefined ? value : `${event.data}\n${value}`;
    else if (field === "event") event.name = value;
    else if (field === "id") event.id = value;
    else if (field === "retry" && /^\d+$/.test(value)) event.retry = Number(value);
  };
  return function* (text) {
    rest += text;
    // A carriage return at the end may be half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line !== "") take(line);
      else if (Object.keys(event).length) {
        yield event;
        event = {};
      }
    }
  };
}

/** One connection: hands each event to `onEvent`, returns when the server ends it. */
async function listen(url, headers, onOpen, onEvent) {
  const control = new AbortController();
  const leave = () => control.abort();
  // A page that the browser keeps for "back" would hold its connection, and there are six a server.
  addEventListener("pagehide", leave);
  let watch = setTimeout(leave, SILENCE_MS);
  try {
    const response = await fetch(url, { headers, signal: control.signal, cache: "no-store" });
    if (response.status === 401 || response.status === 404) throw new Expired();
    if (!response.ok) throw new Error(`events answered ${response.status}`);
    onOpen();
    const parse = parser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(watch);
      watch = setTimeout(leave, SILENCE_MS);
      for (const event of parse(value)) onEvent(event);
    }
  } finally {
    clearTimeout(watch);
    removeEventListener("pagehide", leave);
    control.abort();
  }
}

/**
 * Listens for ever, resuming after the last id. `session` has url, token and lastId; lastId is kept
 * up to date. Throws Expired when the session is gone.
 */
export async function follow(session, { onEvent, onState }) {
  let hint = FIRST_RETRY_MS;
  let failures = 0;
  for (;;) {
    const headers = { Authorization: `Bearer ${session.token}`, Accept: "text/event-stream" };
    if (session.lastId) headers["Last-Event-ID"] = session.lastId;
    try {
      await listen(
        session.url,
        headers,
        () => {
          failures = 0;
          onState("open");
        },
        (event) => {
          if (event.retry !== undefined) hint = event.retry;
          if (event.data === undefined) return;
          if (event.id) session.lastId = event.id;
          onEvent(event.name ?? "message", event.data);
        },
      );
    } catch (error) {
      if (error instanceof Expired) throw error;
      failures += 1;
    }
    onState("away");
    await pause(Math.min(hint * 2 ** Math.max(0, failures - 1), LONGEST_RETRY_MS));
  }
}
