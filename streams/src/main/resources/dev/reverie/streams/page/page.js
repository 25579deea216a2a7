// Connects the parts of the page. When an event says that something has changed, the page fetches the current state.

import * as service from "./service.js";
import { follow } from "./events.js";
import * as wall from "./wall.js";
import * as nodes from "./nodes.js";
import * as refusals from "./refusals.js";
import * as timeline from "./timeline.js";
import { accuracy, loss, rate, ratePerSecond, setRecorded } from "./curves.js";
import { covered, note, percent, tested } from "./journal.js";
import { span } from "./times.js";

// Times in milliseconds.
const REFRESH_INTERVAL = 2000;
const UPDATE_INTERVAL = 500;
const NOTICE_TIME = 8000;

const byId = (id) => document.getElementById(id);

/** The last number of samples, with the time of its arrival. */
let previous = null;
let noticeTimer;

/** The updates that the last events require. They run at intervals, so that a burst of events leads to one update. */
const changed = new Set();

byId("hint").textContent = `curl --data-binary @cat.png -H 'Content-Type: image/png' '${location.origin}/v1/samples?label=cat'`;

/** Shows the message of a failed request for a few seconds. */
function showFailure(failure) {
  askForToken(failure);
  byId("notice").textContent = failure.message;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (byId("notice").textContent = ""), NOTICE_TIME);
}

/** Shows the form for the token if the service has refused a request for lack of one. */
function askForToken(failure) {
  if (failure?.status === 401) {
    byId("login").hidden = false;
  }
}

function setState(state, failure) {
  const line = byId("connection");
  askForToken(failure);
  line.dataset.state = state;
  line.textContent = state === "live" ? "live" : "connection lost, reconnecting";
  line.title = failure?.message ?? "";
}

/** Returns how many classes a test covered, of those that the network distinguishes, how old it is, and how many classes there are now. */
function coverage(accuracy, classes) {
  if (!accuracy) {
    return "";
  }
  const now = classes > accuracy.memory_classes ? `; now ${classes.toLocaleString("en")}` : "";
  return ` (${covered(accuracy.classes, accuracy.memory_classes)}, ${span(accuracy.age_seconds)} ago${now})`;
}

/** Returns when the classes have converged at the earliest, if they are learning. */
const convergence = (seconds) => (seconds ? ` (converged in ≥ ${span(seconds)})` : "");

function setTotals(status) {
  const time = Date.now();
  const perSecond = previous ? ratePerSecond(previous, { samples: status.samples, time }) : 0;
  if (previous) {
    rate.add(time, perSecond);
    rate.draw();
  }
  previous = { samples: status.samples, time };
  const tests = status.held_out;
  const shown = { ...status, rate: Math.round(perSecond), accuracy: tests ? percent(tests.accuracy) : "–" };
  if (tests) {
    accuracy.add(time, 100 * tests.accuracy);
    accuracy.draw();
  }
  for (const place of document.querySelectorAll("[data-total]")) {
    const value = shown[place.dataset.total];
    place.textContent = typeof value === "number" ? value.toLocaleString("en") : value;
    const name = place.previousElementSibling;
    if (name.dataset.one) {
      name.textContent = value === 1 ? name.dataset.one : name.dataset.many;
    }
  }
  const tile = document.querySelector("[data-total=accuracy]");
  tile.title = tests ? tested(tests) : "";
  tile.previousElementSibling.textContent = `held-out accuracy${coverage(tests, status.classes)}`;
  document.querySelector("[data-total=inner_loops]").previousElementSibling.textContent += convergence(
    status.footprint?.convergence_seconds,
  );
}

/** Returns a function that never runs `work` concurrently. Calls during a run lead to one more run after it. */
function oneAtATime(work) {
  let running = false;
  let again = false;
  return async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await work().catch((failure) => failure.status !== 503 && console.debug(failure.message));
    } while (again);
    running = false;
  };
}

const refreshClasses = oneAtATime(async () => wall.setClasses(await service.classes()));
const refreshMoments = oneAtATime(() => timeline.refresh(wall.setMoment));
const refreshCurves = oneAtATime(async () => setRecorded(await service.curves()));
const refreshTotals = oneAtATime(async () => {
  const status = await service.status();
  setTotals(status);
  refusals.show(status.refused);
  nodes.show(status.node === null ? undefined : await service.cluster());
});

const questions = {
  seal: (label) => ({
    title: `Seal ${label}?`,
    text: "The class accepts no more images. Its real images are deleted, but its synthetic images are kept. This cannot be undone.",
    yes: "Seal",
    act: () => service.seal(label),
  }),
  sealWhenConverged: (label) => ({
    title: `Seal ${label} when it has converged?`,
    text: "As soon as the class has converged, it accepts no more images, and its real images are deleted. Until then, this can be cancelled.",
    yes: "Seal when converged",
    act: () => service.sealWhenConverged(label),
  }),
  cancelSeal: (label) => ({
    title: `Cancel the seal of ${label}?`,
    text: "The class is not sealed when it converges.",
    yes: "Cancel the seal",
    act: () => service.cancelSeal(label),
  }),
  forget: (label) => ({
    title: `Forget ${label}?`,
    text: "Everything about the class is deleted, including its data in the store. This cannot be undone.",
    yes: "Forget",
    act: () => service.forget(label),
  }),
};

wall.onAction((action, label) => {
  const question = questions[action](label);
  const dialog = byId("confirm");
  byId("confirm-title").textContent = question.title;
  byId("confirm-text").textContent = question.text;
  byId("confirm-yes").textContent = question.yes;
  dialog.returnValue = "no";
  dialog.onclose = async () => {
    if (dialog.returnValue === "yes") {
      await question.act().catch(showFailure);
      await Promise.all([refreshClasses(), refreshMoments()]);
    }
  };
  dialog.showModal();
});

byId("export").addEventListener("click", async () => {
  try {
    const address = URL.createObjectURL(await service.memory());
    const link = Object.assign(document.createElement("a"), { href: address, download: "memory.npz" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  } catch (failure) {
    showFailure(failure);
  }
});

byId("login").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  service.useToken(byId("token").value.trim());
  location.reload();
});

function onEvent(kind, fields) {
  const time = Date.parse(fields.at);
  note(time, kind, fields);
  if (kind === "progress" && fields.matching_loss !== undefined) {
    loss.add(time, fields.matching_loss);
    changed.add(loss.draw);
  } else if (kind === "memory" || kind === "class") {
    changed.add(refreshClasses).add(refreshMoments);
  }
}

setInterval(() => {
  const work = [...changed];
  changed.clear();
  work.forEach((update) => update());
}, UPDATE_INTERVAL);

timeline.begin(wall.setMoment);
follow(onEvent, (state, failure) => {
  setState(state, failure);
  if (state === "live") {
    changed.add(refreshClasses).add(refreshMoments).add(refreshTotals).add(refreshCurves);
  }
});
setInterval(() => {
  if (!document.hidden && byId("connection").dataset.state === "live") {
    refreshTotals();
    refreshClasses();
    refreshMoments();
  }
}, REFRESH_INTERVAL);
