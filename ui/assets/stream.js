// Gradio's client closes its stream of results once the server has nothing left to say, even when an
// event was sent in that very moment: its result would be lost, and a question would wait for ever.
// So the stream goes on here for as long as a result is due, and it ends by itself: to break it off,
// as the client does on closing, makes the server drop all that the page has sent.

const plainFetch = window.fetch.bind(window);
const due = new Set(); // ids of events that have no result yet
let sending = 0;

// A server that others ask too may say when to come again; the page says so, and comes again.
const admitted = async (request) => {
  const say = (waits) => document.querySelectorAll(".crowded").forEach((line) => (line.hidden = !waits));
  for (;;) {
    const reply = await plainFetch(request.clone());
    if (reply.status === 401) location.assign("/login"); // the ticket is no longer good
    say(reply.status === 429);
    if (reply.status !== 429) return reply;
    const seconds = Number(reply.headers.get("retry-after")) || 5;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
};

const join = async (request) => {
  sending += 1;
  try {
    const reply = await admitted(request);
    const { event_id: id } = await reply.clone().json().catch(() => ({}));
    if (id) due.add(id);
    return reply;
  } finally {
    sending -= 1;
  }
};

const lines = async function* (body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    yield* parts;
  }
  if (rest) yield rest;
};

const results = async function* (request, first) {
  for (let reply = first; ; reply = await plainFetch(request)) {
    if (!reply.ok) return; // the session is gone
    let closing = "";
    for await (const line of lines(reply.body)) {
      const { msg, event_id: id } = line.startsWith("data: ") ? JSON.parse(line.slice(6)) : {};
      if (msg === "process_completed") due.delete(id);
      if (msg === "close_stream") closing = line;
      else yield line;
    }
    if (!closing) return;
    if (sending || due.size) continue;
    yield closing;
    return;
  }
};

const listen = async (given) => {
  const request = new Request(given, { signal: null });
  const first = await plainFetch(request);
  if (!first.ok) return first;
  const found = results(request, first);
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await found.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${value}\n\n`));
      } catch (error) {
        controller.error(error);
      }
    },
  });
  return new Response(body, { headers: first.headers });
};

window.fetch = (address, options) => {
  const path = new URL(address.url ?? address, location.href).pathname;
  const handle = { join, data: listen }[path.match(/\/gradio_api\/queue\/(join|data)$/)?.[1]];
  return handle ? handle(new Request(address, options)) : plainFetch(address, options);
};
