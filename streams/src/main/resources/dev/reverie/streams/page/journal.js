// Lists the events, latest first. The curves show the inner loops, which would hide all other events in this list.

import { timeOfDay } from "./times.js";

const MAX_ENTRIES = 200;
const MAX_NAMES = 5;
const list = document.getElementById("journal");

/** The entry that lists all classes with new representatives until another event occurs. */
let choice = null;

export function note(time, kind, fields) {
  if (kind === "cluster") {
    choice ??= { labels: new Set(), text: write(time, kind, "") };
    choice.labels.add(fields.label);
    choice.text.textContent = `New representatives for ${named(choice.labels)}`;
    return;
  }
  const line = describe(kind, fields);
  if (line) {
    choice = null;
    write(time, kind, line);
  }
}

function named(labels) {
  return labels.size > MAX_NAMES ? `${labels.size} classes` : [...labels].join(", ");
}

/** Returns a number with its noun: "1 class", "2 classes". */
const counted = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Returns a text that says how many of all classes a test covered. */
export const covered = (tested, all) => `${tested.toLocaleString("en")} of ${counted(all, "class", "classes")}`;

/** Returns a text that says how a held-out accuracy was measured. */
export const tested = (found) =>
  `on ${counted(found.images, "test image")} of ${covered(found.classes, found.memory_classes)}, ` +
  `by a network that was trained only on the memory as of ${timeOfDay(found.taken)}`;

const PHASES = {
  collecting: "is collecting images",
  distilling: "is being distilled",
  converged: "has converged",
  sealed: "is sealed",
  forgotten: "was forgotten",
};

function describe(kind, fields) {
  switch (kind) {
    case "class":
      return `${fields.label} ${PHASES[fields.phase]}`;
    case "evaluation":
      return `Held-out accuracy ${percent(fields.accuracy)} ${tested(fields)}`;
    case "warning":
      return fields.message;
    default:
      return undefined;
  }
}

function write(time, kind, line) {
  const when = document.createElement("time");
  when.dateTime = new Date(time).toISOString();
  when.textContent = timeOfDay(time);
  const text = document.createElement("span");
  text.textContent = line;
  const item = document.createElement("li");
  item.className = kind;
  item.append(when, " ", text);
  list.prepend(item);
  while (list.children.length > MAX_ENTRIES) {
    list.lastElementChild.remove();
  }
  return text;
}
