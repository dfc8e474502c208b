// The REST API as the page sees it. A failure is an exception that carries the server's problem document.

export class Problem extends Error {
  constructor(status, document) {
    super(document.title || `HTTP ${status}`);
    this.status = status;
    this.title = document.title || `HTTP ${status}`;
    this.detail = document.detail;
    this.faults = document.faults || document.errors || [];
  }
}

const token = () => sessionStorage.getItem("token") || "";
export const hasToken = () => token() !== "";
export const setToken = (value) => {
  sessionStorage.removeItem("scopes");
  sessionStorage.setItem("token", value);
};

function headers(extra = {}) {
  const all = { accept: "application/json", ...extra };
  if (token()) all.authorization = `Bearer ${token()}`;
  return all;
}

async function problemOf(response) {
  const text = await response.text();
  try {
    return new Problem(response.status, JSON.parse(text));
  } catch {
    return new Problem(response.status, { title: response.statusText || `HTTP ${response.status}`, detail: text.slice(0, 300) });
  }
}

async function send(method, path, { body, extra, signal } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method, signal, credentials: "same-origin",
      headers: headers(body === undefined ? extra : { "content-type": "application/json", ...extra }),
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { title: "flow-api cannot be reached", detail: "Is the service running, and are you online?" });
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function getJson(path, options) {
  return (await send("GET", path, options)).json();
}

export async function getText(path, options) {
  return (await send("GET", path, options)).text();
}

// The body and its response, for lists whose next page is named in a header.
getJson.withResponse = async (path, options) => {
  const response = await send("GET", path, options);
  return { response, body: await response.json() };
};

// One page of a list: {items, next: cursor of the next page or null, behind: whether not all has been read from the event log yet}.
export async function getPage(path, signal) {
  const { response, body } = await getJson.withResponse(path, { signal });
  return { items: body, next: response.headers.get("next-cursor"), behind: response.headers.get("read-model") === "behind" };
}

// [body, ETag] of a flow
export async function getTagged(path) {
  const response = await send("GET", path);
  return [await response.json(), response.headers.get("etag")];
}

export async function postJson(path, body, extra) {
  return (await send("POST", path, { body, extra })).json();
}

export async function putJson(path, body, etag) {
  return (await send("PUT", path, { body, extra: etag ? { "if-match": etag } : {} })).json();
}

export async function remove(path) {
  await send("DELETE", path);
}

// Server-sent events by fetch (EventSource sends no bearer token). Reconnects from the last id until `until` says it is over.
export async function* streamEvents(path, { signal, until, onstate = () => {} }) {
  let last = null;
  let wait = 500;
  while (!signal.aborted) {
    try {
      const extra = { accept: "text/event-stream", ...(last === null ? {} : { "last-event-id": last }) };
      const response = await send("GET", path, { extra, signal });
      if (response.status === 204) return; // the call is over, and all of it was sent
      onstate("live");
      wait = 500;
      for await (const event of parse(response.body)) {
        if (event.id !== undefined) last = event.id;
        if (!event.data) continue;
        const value = JSON.parse(event.data);
        yield value;
        if (until(value)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.status >= 400 && error.status < 500) throw error;
    }
    onstate("reconnecting");
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, 8000);
  }
}

async function* parse(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value.replaceAll("\r\n", "\n");
    let end;
    while ((end = rest.indexOf("\n\n")) >= 0) {
      const event = { data: "" };
      for (const line of rest.slice(0, end).split("\n")) {
        if (line.startsWith("data:")) event.data += line.slice(5).trimStart();
        else if (line.startsWith("id:")) event.id = line.slice(3).trim();
      }
      rest = rest.slice(end + 2);
      yield event;
    }
  }
}
