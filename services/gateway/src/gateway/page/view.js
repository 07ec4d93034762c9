// Draws the conversation. Text from anywhere goes in as text, never as markup.

const TIERS = {
  template: "Instant answer",
  order: "Order system",
  rag: "Catalogue",
  llm: "Assistant",
};

const STATUS = {
  refused: "We could not do this.",
  failed: "Something went wrong on our side.",
};

const find = (id) => document.getElementById(id);

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const words = (code) => code.replaceAll("_", " ");

function toEnd() {
  const log = find("log");
  log.scrollTop = log.scrollHeight;
}

function notes(reply) {
  const found = [];
  if (STATUS[reply.status]) found.push(STATUS[reply.status]);
  if (reply.gap) found.push("Answered before your previous message was.");
  if (reply.degraded.length) {
    found.push(`Away while we answered: ${reply.degraded.map(words).join(", ")}.`);
  }
  return found;
}

function facts(reply) {
  const list = make("dl");
  const add = (name, value) => {
    if (value === null || value === undefined) return;
    list.append(make("dt", "", name), make("dd", "", String(value)));
  };
  add("Status", reply.status);
  add("Tier", reply.tier);
  add("Reason", reply.reason);
  add("Use case", reply.use_case && words(reply.use_case));
  add("Turn", reply.turn_no);
  add("Trace", reply.trace_id);
  return list;
}

function sources(reply) {
  const list = make("ul", "sources");
  list.setAttribute("aria-label", "Sources");
  for (const source of reply.sources) {
    list.append(make("li", "", `${source.title} (${words(source.kind)} ${source.ref})`));
  }
  return list;
}

function footer(reply) {
  const foot = make("div", "foot");
  if (reply.status === "forwarded") {
    foot.append(make("span", "tier person", "A person"));
  } else if (reply.tier) {
    const badge = make("span", "tier", TIERS[reply.tier] ?? reply.tier);
    badge.dataset.tier = reply.tier;
    badge.title = `Answered by the tier "${reply.tier}"`;
    foot.append(badge);
  }
  if (reply.simulated) foot.append(make("span", "simulated", "simulated model"));
  const details = make("details");
  details.append(make("summary", "", "Details"), facts(reply));
  foot.append(details);
  return foot;
}

/** One turn: what the customer said, and the answer below it. */
export class TurnView {
  constructor(text, onResend) {
    find("welcome").hidden = true;
    this.onResend = onResend;
    this.said = make("article", "said");
    this.said.setAttribute("aria-label", "You");
    this.state = make("p", "state");
    this.said.append(make("p", "text", text), this.state);
    this.reply = make("article", "reply");
    this.reply.setAttribute("aria-label", "Customer service");
    find("log").append(this.said);
    toEnd();
  }

  sending() {
    this.state.replaceChildren("Sending…");
    this.said.dataset.state = "sending";
  }

  /** Not sent, or not answered: says why, with a button unless sending again cannot help. */
  stuck(why, again) {
    this.said.dataset.state = "stuck";
    this.reply.remove();
    this.state.replaceChildren(`${why} `);
    if (!again) return;
    const button = make("button", "again", "Send again");
    button.type = "button";
    button.addEventListener("click", () => this.onResend());
    this.state.append(button);
    toEnd();
  }

  waiting(note = "") {
    this.said.dataset.state = "sent";
    this.state.replaceChildren(note);
    const dots = make("p", "dots");
    dots.append(make("span"), make("span"), make("span"));
    dots.append(make("span", "hidden", "An answer is being prepared"));
    this.reply.replaceChildren(dots);
    this.reply.setAttribute("aria-busy", "true");
    this.said.after(this.reply);
    toEnd();
  }

  draft(text) {
    this.said.after(this.reply);
    this.reply.replaceChildren(make("p", "text draft", text));
    toEnd();
  }

  final(reply) {
    this.said.dataset.state = "answered";
    this.state.replaceChildren();
    if (reply.status === "forwarded" && !reply.text) {
      // The bot is silent: the words went to the person's desk.
      this.reply.remove();
      this.state.replaceChildren("Passed on to our team.");
      return;
    }
    this.reply.setAttribute("aria-busy", "false");
    this.reply.dataset.status = reply.status;
    this.reply.replaceChildren(make("p", "text", reply.text));
    for (const note of notes(reply)) this.reply.append(make("p", "note", note));
    if (reply.sources.length) this.reply.append(sources(reply));
    this.reply.append(footer(reply));
    this.said.after(this.reply);
    toEnd();
  }
}

/** A line between the messages, such as "a new session was started". */
export function remark(text) {
  find("log").append(make("p", "remark", text));
  toEnd();
}

export function notice(text) {
  find("notice").textContent = text;
}

/** The banner while a person has the conversation. */
export function handedOver(open) {
  find("handoff").hidden = !open;
}

export function connection(state) {
  const shown = { connecting: "Connecting…", open: "Connected", away: "Reconnecting…" };
  find("connection").dataset.state = state;
  find("connection").textContent = shown[state];
}

export function who(signedIn) {
  find("who").textContent = signedIn ? "Signed in" : "Visitor";
}
