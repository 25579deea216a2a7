// Draws curves over time with Chart.js, which the page loads before its modules. A curve begins with points that the
// service has recorded, and continues with those that the page observes.

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
  let recorded = [];
  const observed = [];
  return {
    /** Sets the recorded points, oldest first. Those from the time of observed points are not shown. */
    setRecorded(points) {
      recorded = points;
    },
    add(time, value) {
      observed.push({ x: time, y: value });
      if (observed.length > MAX_POINTS) {
        observed.shift();
      }
    },
    draw() {
      const data = [...recorded.filter(({ x }) => !(x >= observed[0]?.x)), ...observed];
      chart.data.datasets[0].data = data;
      if (data.length > 0) {
        chart.options.scales.x.min = data[0].x;
        chart.options.scales.x.max = Math.max(data.at(-1).x, data[0].x + SECOND);
      }
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
export const accuracy = curve("accuracy", "%");

const all = [loss, rate, accuracy];

/** Shows the points that the service has recorded, which have totals of all classes. */
export function setRecorded(points) {
  const times = points.map(({ at }) => Date.parse(at));
  const shown = (value) => points.flatMap((point, i) => (value(point) === null ? [] : [{ x: times[i], y: value(point) }]));
  loss.setRecorded(shown((point) => point.matching_loss));
  accuracy.setRecorded(shown((point) => point.held_out_accuracy && 100 * point.held_out_accuracy));
  rate.setRecorded(
    points.slice(1).map(({ samples }, i) => ({
      x: times[i + 1],
      y: ratePerSecond({ samples: points[i].samples, time: times[i] }, { samples, time: times[i + 1] }),
    })),
  );
  all.forEach((each) => each.draw());
}

/** Returns the images accepted per second between two totals. The total falls when a class is forgotten. */
export function ratePerSecond(before, after) {
  return Math.max(0, (SECOND * (after.samples - before.samples)) / (after.time - before.time));
}

function colour() {
  all.forEach((each) => each.colour());
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", colour);
colour();
