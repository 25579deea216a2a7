// Reads server-sent events with fetch, because EventSource cannot send a token. Reconnects automatically and continues
// after the last event that it has read.

import { headers, refusal } from "./service.js";

const MIN_PAUSE = 1000;
const MAX_PAUSE = 15000;
/** The service sends a heartbeat after 15 seconds without events, so a connection that is silent for this long is dead. */
const MAX_SILENCE = 40000;

/**
 * Follows the events for as long as the page is open.
 *
 * @param onEvent receives the kind and the fields of each event, beginning with past events that the service still keeps
 * @param onState receives "live", or "lost" with the reason
 */
export async function follow(onEvent, onState) {
  let last = "0";
  let pause = MIN_PAUSE;
  for (;;) {
    try {
      await read(last, {
        open() {
          pause = MIN_PAUSE;
          onState("live");
        },
        event(id, kind, fields) {
          last = id;
          onEvent(kind, fields);
        },
      });
      onState("lost", new Error("the service closed the connection"));
    } catch (failure) {
      onState("lost", failure);
    }
    await new Promise((resume) => setTimeout(resume, pause));
    pause = Math.min(2 * pause, MAX_PAUSE);
  }
}

async function read(after, on) {
  const end = new AbortController();
  let silence = setTimeout(() => end.abort(), MAX_SILENCE);
  try {
    const answer = await fetch("/v1/events", { headers: headers({ "Last-Event-ID": after }), signal: end.signal });
    if (!answer.ok) {
      throw await refusal(answer);
    }
    on.open();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(silence);
      silence = setTimeout(() => end.abort(), MAX_SILENCE);
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      blocks.forEach((block) => dispatch(block, on));
    }
  } finally {
    clearTimeout(silence);
    end.abort();
  }
}

function dispatch(block, on) {
  const fields = Object.fromEntries(
    block
      .split("\n")
      .filter((line) => /^(id|event|data): /.test(line))
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  if (fields.data) {
    on.event(fields.id, fields.event, JSON.parse(fields.data));
  }
}
