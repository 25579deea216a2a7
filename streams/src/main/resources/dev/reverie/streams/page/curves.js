// Draws two curves over time with Chart.js, which the page loads before its modules.

const MAX_POINTS = 1000;
/** Length in milliseconds of a time axis that has no points yet. */
const INITIAL_SPAN = 60000;

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

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
            title: ([item]) => new Date(item.parsed.x).toLocaleTimeString(),
            label: ({ parsed }) => `${parsed.y.toPrecision(4)} ${unit}`,
          },
        },
      },
      scales: {
        x: {
          type: "linear",
          min: Date.now() - INITIAL_SPAN,
          max: Date.now(),
          ticks: { maxTicksLimit: 5, maxRotation: 0, callback: (time) => new Date(time).toLocaleTimeString() },
        },
        y: { beginAtZero: true, ticks: { maxTicksLimit: 5 }, title: { display: true, text: unit } },
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
      chart.options.scales.x.max = Math.max(time, data[0].x + 1000);
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
