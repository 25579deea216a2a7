// The slider that selects a moment of the history. At its right end, it follows the latest moment.

import * as service from "./service.js";
import { date, timeOfDay } from "./times.js";

const box = document.getElementById("timeline");
const slider = document.getElementById("moment");
const text = document.getElementById("moment-text");
const now = document.getElementById("now");

let moments = [];
let chosen = null;
let drawn = null;

/** @param show receives the selected moment, with its pictures */
export function begin(show) {
  slider.addEventListener("input", () => {
    const index = Number(slider.value);
    chosen = index === moments.length - 1 ? null : moments[index].number;
    draw(show);
  });
  now.addEventListener("click", () => {
    chosen = null;
    draw(show);
    slider.focus();
  });
}

/** Fetches the current list of moments. */
export async function refresh(show) {
  moments = await service.moments();
  box.hidden = moments.length < 2;
  await draw(show);
}

async function draw(show) {
  if (moments.length === 0) {
    return;
  }
  const found = moments.findIndex(({ number }) => number === chosen);
  const index = found < 0 ? moments.length - 1 : found;
  const moment = moments[index];
  slider.max = moments.length - 1;
  slider.value = index;
  now.disabled = index === moments.length - 1;
  text.textContent = index === moments.length - 1 ? "now" : timeOf(moment);
  slider.setAttribute("aria-valuetext", text.textContent);
  if (drawn !== moment.number) {
    drawn = moment.number;
    const whole = await service.moment(moment.number).catch(() => undefined);
    if (whole && drawn === moment.number) {
      show(whole);
    } else if (!whole) {
      drawn = null;
    }
  }
}

function timeOf({ at, inner_loops }) {
  const day = date(at) === date(Date.now()) ? "" : `${date(at)}, `;
  return `${day}${timeOfDay(at)}, loop ${inner_loops.toLocaleString("en")}`;
}
