// What happened, latest first. Inner loops are in the curves and would drown the rest.

const MOST = 200;
const NAMED = 5;
const list = document.getElementById("journal");

/** New representatives of one class after another are one event to a reader. */
let choice = null;

export function note(time, kind, fields) {
  if (kind === "cluster") {
    choice ??= { labels: new Set(), text: write(time, kind, "") };
    choice.labels.add(fields.label);
    choice.text.textContent = `New representatives: ${among(choice.labels)}`;
    return;
  }
  const line = words(kind, fields);
  if (line) {
    choice = null;
    write(time, kind, line);
  }
}

function among(labels) {
  return labels.size > NAMED ? `${labels.size} classes` : [...labels].join(", ");
}

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** What a held-out accuracy was found with. */
export const tested = (found) =>
  `on ${found.images.toLocaleString("en")} new images of ${found.classes} classes, by a learner that knows nothing but ` +
  `the memory of ${new Date(found.taken).toLocaleTimeString()}`;

function words(kind, fields) {
  switch (kind) {
    case "class":
      return `${fields.label} is ${fields.phase}`;
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
  when.textContent = new Date(time).toLocaleTimeString();
  const text = document.createElement("span");
  text.textContent = line;
  const item = document.createElement("li");
  item.className = kind;
  item.append(when, " ", text);
  list.prepend(item);
  while (list.children.length > MOST) {
    list.lastElementChild.remove();
  }
  return text;
}
