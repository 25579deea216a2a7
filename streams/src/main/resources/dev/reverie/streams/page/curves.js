// Draws two curves over time with Chart.js, which the page loads before its modules.

import { dayAndTime, hourAndMinute, timeOfDay } from "./times.js";

const MAX_POINTS = 1000;
/** Length in milliseconds of a time axis that has no points yet. */
const INITIAL_SPAN = 60000;

const MAX_TICKS = 5;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Distances between the labels of a time axis, in milliseconds, so that no two labels are equal. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
];

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function stepOf({ min, max }) {
  const shortest = (max - min) / (MAX_TICKS - 1);
  return STEPS.find((step) => step >= shortest) ?? DAY * Math.ceil(shortest / DAY);
}

function ticksOf(scale) {
  const step = stepOf(scale);
  const ticks = [];
  for (let value = step * Math.ceil(scale.min / step); value <= scale.max; value += step) {
    ticks.push({ value });
  }
  return ticks;
}

function labelOf(time, scale) {
  if (scale.max - scale.min >= DAY / 2) {
    return dayAndTime(time);
  }
  return stepOf(scale) < MINUTE ? timeOfDay(time) : hourAndMinute(time);
}

function curve(canvas, unit) {
  const chart = new window.Chart(document.getElementById(canvas), {
    type: "line",
    data: { datasets: [{ data: [], borderWidth: 2, pointRadius: 0, pointHitRadius: 12, tension: 0 }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            title: ([item]) => timeOfDay(item.parsed.x),
            label: ({ parsed }) => `${parsed.y.toPrecision(4)} ${unit}`,
          },
        },
      },
      scales: {
        x: {
          type: "linear",
          min: Date.now() - INITIAL_SPAN,
          max: Date.now(),
          afterBuildTicks(scale) {
            scale.ticks = ticksOf(scale);
          },
          ticks: {
            maxRotation: 0,
            callback(time) {
              return labelOf(time, this);
            },
          },
        },
        y: { beginAtZero: true, ticks: { maxTicksLimit: MAX_TICKS }, title: { display: true, text: unit } },
      },
    },
  });
  return {
    add(time, value) {
      const { data } = chart.data.datasets[0];
      data.push({ x: time, y: value });
      if (data.length > MAX_POINTS) {
        data.shift();
      }
      chart.options.scales.x.min = data[0].x;
      chart.options.scales.x.max = Math.max(time, data[0].x + SECOND);
    },
    draw() {
      chart.update("none");
    },
    colour() {
      chart.data.datasets[0].borderColor = css("--accent");
      for (const scale of Object.values(chart.options.scales)) {
        scale.grid = { color: css("--line") };
        scale.ticks.color = css("--soft");
        scale.title = { ...scale.title, color: css("--soft") };
      }
      chart.update("none");
    },
  };
}

export const loss = curve("loss", "loss");
export const rate = curve("rate", "images/s");

function colour() {
  loss.colour();
  rate.colour();
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", colour);
colour();
