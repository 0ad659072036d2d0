// The bridge's interface. Addresses are relative, so that the page works under any path.

/** An answer that is no success, with a sentence for people. */
export class Refused extends Error {
  constructor(sentence, { status = 0, retryAfter = null, body = null } = {}) {
    super(sentence);
    this.status = status;
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/** Emits "signed-out" when the bridge wants the page's password. */
export const session = new EventTarget();

const UNREACHABLE = "The bridge cannot be reached. Is it running?";

export function get(path) {
  return ask("GET", path);
}

export function post(path, body = {}, headers = {}) {
  return ask("POST", path, body, headers);
}

/** What is wrong with the bridge itself, a sentence each; null if nobody says. */
export async function problems() {
  try {
    const response = await fetch("health", { cache: "no-store" });
    if (response.ok) return [];
    return response.status === 503 ? (await response.text()).split("\n").filter(Boolean) : null;
  } catch {
    return null;
  }
}

/** Asks the bridge for something, by the words of `bridge/request`. */
export async function request(name, body = {}) {
  const answer = await post(`api/requests/${name}`, body);
  return answer?.data ?? null;
}

/** Sends a command. Its outcome comes as an event that carries `id`: a long answer would hold a connection. */
export function command(topic, id, payload) {
  return post(`api/topics/${path(topic)}/set`, { ...payload, id }, { Prefer: "respond-async" });
}

function path(topic) {
  return topic.split("/").map(encodeURIComponent).join("/");
}

async function ask(method, path, body, headers = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      cache: "no-store",
      headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }), ...headers },
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Refused(UNREACHABLE);
  }
  const answer = await answerOf(response);
  if (response.ok) return answer;
  // A refused sign-in is 401 as well; there it is the cloud that refuses, not the page.
  if (response.status === 401 && path !== "api/session" && !(method === "POST" && path === "api/account")) {
    session.dispatchEvent(new Event("signed-out"));
  }
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  throw new Refused(sentenceOf(answer, response.status), { status: response.status, retryAfter, body: answer });
}

async function answerOf(response) {
  const text = await response.text();
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function sentenceOf(answer, status) {
  const said = answer?.error?.message ?? answer?.error ?? answer?.message;
  if (typeof said === "string") return said;
  if (status === 502 || status === 503 || status === 504) return UNREACHABLE;
  if (status === 404) return "This version of the bridge cannot do this.";
  return `The bridge answered with status ${status}.`;
}
