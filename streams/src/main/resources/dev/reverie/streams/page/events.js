// Server-sent events by fetch, since EventSource cannot send a token. Connects again by itself, after the last event
// it has seen.

import { headers, refusal } from "./service.js";

const SOONEST = 1000;
const LATEST = 15000;
/** The service sends a heartbeat every 15 seconds: without a byte for this long the connection is dead. */
const SILENCE = 40000;

/**
 * Follows the events for as long as the page lives.
 *
 * @param onEvent gets the kind and the fields of each, also of those from before the page, as far as remembered
 * @param onState gets "live", or "lost" with the reason
 */
export async function follow(onEvent, onState) {
  let last = "0";
  let pause = SOONEST;
  for (;;) {
    try {
      await read(last, {
        open() {
          pause = SOONEST;
          onState("live");
        },
        event(id, kind, fields) {
          last = id;
          onEvent(kind, fields);
        },
      });
      onState("lost", new Error("the service ended the connection"));
    } catch (failure) {
      onState("lost", failure);
    }
    await new Promise((resume) => setTimeout(resume, pause));
    pause = Math.min(2 * pause, LATEST);
  }
}

async function read(after, on) {
  const end = new AbortController();
  let silence = setTimeout(() => end.abort(), SILENCE);
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
      silence = setTimeout(() => end.abort(), SILENCE);
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      blocks.forEach((block) => tell(block, on));
    }
  } finally {
    clearTimeout(silence);
    end.abort();
  }
}

function tell(block, on) {
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
