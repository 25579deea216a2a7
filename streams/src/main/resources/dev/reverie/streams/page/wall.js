// Shows one row per class, with the current state of the class and its images at the selected moment.

import * as service from "./service.js";

const ROWS_PER_PAGE = 100;
const CACHED_PICTURES = 400;

const list = document.getElementById("wall");
const more = document.getElementById("more");
const filter = document.getElementById("filter");
const template = document.getElementById("class-row");

const rows = new Map();
const pictures = new Map();
let classes = [];
let shown = new Map();
let limit = ROWS_PER_PAGE;

/** Calls `act` with the action and the label when the user presses a button of a row. */
export function onAction(act) {
  list.addEventListener("click", ({ target }) => {
    const action = target.closest("button[data-action]")?.dataset.action;
    if (action) {
      act(action, target.closest("li").dataset.label);
    }
  });
}

more.addEventListener("click", () => {
  limit += ROWS_PER_PAGE;
  draw();
});

filter.addEventListener("input", () => {
  limit = ROWS_PER_PAGE;
  draw();
});

/** Shows these classes. */
export function setClasses(now) {
  classes = now;
  draw();
}

/** Shows the pictures of a moment. */
export function setMoment(moment) {
  shown = new Map(moment.classes.map(({ label, picture }) => [label, picture]));
  draw();
}

function draw() {
  const wanted = filter.value.trim().toLowerCase();
  const matching = classes.filter(({ label, name }) => `${label}\n${name ?? ""}`.toLowerCase().includes(wanted));
  const visible = matching.slice(0, limit);
  more.hidden = matching.length <= limit;
  more.textContent = `Show more classes (${matching.length - visible.length} more)`;
  document.getElementById("empty").hidden = classes.length > 0;
  const labels = new Set(visible.map(({ label }) => label));
  for (const [label, row] of rows) {
    if (!labels.has(label)) {
      row.remove();
      rows.delete(label);
    }
  }
  visible.forEach((status, index) => {
    const row = rows.get(status.label) ?? create(status.label);
    if (list.children[index] !== row) {
      list.insertBefore(row, list.children[index] ?? null);
    }
    describe(row, status);
    depict(row, shown.get(status.label));
  });
}

function create(label) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.label = label;
  for (const button of row.querySelectorAll("button")) {
    button.setAttribute("aria-label", `${button.textContent} ${label}`);
  }
  rows.set(label, row);
  return row;
}

function describe(row, status) {
  const heading = row.querySelector("h3");
  heading.textContent = status.name ?? status.label;
  heading.title = status.name === null ? "" : status.label;
  const phase = row.querySelector(".phase");
  phase.dataset.phase = status.damaged ? "damaged" : status.phase;
  phase.textContent = phase.dataset.phase;
  const loss = status.matching_loss === null ? "" : `, loss ${status.matching_loss.toPrecision(3)}`;
  const size = status.coded_bytes === null ? "" : ` in ${kilobytes(status.coded_bytes)} kB`;
  row.querySelector(".age").textContent = status.damaged ? "not served" : age(status.updated);
  row.querySelector(".facts").textContent = status.damaged
    ? "restore the store from a backup, or forget the class"
    : `${status.seen.toLocaleString("en")} seen, ${status.images} learned${size}${loss}`.replaceAll(/(?<!,) /g, "\u00a0");
  const isSealable = !status.damaged && status.phase !== "sealed";
  row.querySelector("[data-action=seal]").disabled = !isSealable;
  const later = row.querySelector("[data-action=sealWhenConverged]");
  later.hidden = status.seal_requested;
  later.disabled = !isSealable;
  row.querySelector("[data-action=cancelSeal]").hidden = !status.seal_requested;
}

const kilobytes = (bytes) => (bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0);

function age(instant) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(instant)) / 1000));
  if (seconds < 60) {
    return `changed ${seconds} s ago`;
  }
  return seconds < 5400 ? `changed ${Math.round(seconds / 60)} min ago` : `changed ${Math.round(seconds / 3600)} h ago`;
}

async function depict(row, name) {
  const image = row.querySelector("img");
  row.classList.toggle("absent", !name);
  if (image.dataset.picture === (name ?? "")) {
    return;
  }
  image.dataset.picture = name ?? "";
  image.alt = name ? `the learned images of ${row.dataset.label}` : "";
  if (!name) {
    image.removeAttribute("src");
    return;
  }
  const address = await addressOf(name).catch(() => undefined);
  if (image.dataset.picture !== name) {
    return;
  }
  if (address) {
    image.src = address;
  } else {
    image.dataset.picture = "";
  }
}

/** Returns an object URL of a picture. Caches the last few hundred. */
function addressOf(name) {
  const known = pictures.get(name);
  if (known) {
    return known;
  }
  const address = service.picture(name).then((blob) => (blob ? URL.createObjectURL(blob) : undefined));
  address.catch(() => pictures.delete(name));
  pictures.set(name, address);
  for (const [oldest, old] of pictures) {
    if (pictures.size <= Math.max(CACHED_PICTURES, 2 * rows.size)) {
      break;
    }
    pictures.delete(oldest);
    old.then((url) => url && URL.revokeObjectURL(url)).catch(() => {});
  }
  return address;
}
