// Shows what the service has refused in the last hour, by ingest source and reason, with the last example of each.

import { timeOfDay } from "./times.js";

/** The reason that stands for the files of the watched folder that are neither pictures nor batches. */
const PASSED_OVER = "passed-over";

const section = document.getElementById("refused");
const rows = section.querySelector("tbody");
const title = section.querySelector("summary");

function cell(text) {
  return Object.assign(document.createElement("td"), { textContent: text });
}

function row({ source, reason, samples, last }) {
  const line = document.createElement("tr");
  const example = last.origin === null ? last.detail : `${last.origin}: ${last.detail}`;
  line.append(
    cell(samples.toLocaleString("en")),
    cell(source),
    cell(reason),
    cell(`${timeOfDay(last.at)} ${example}`),
  );
  return line;
}

/** Shows the refusals, or hides their table if there are none. */
export function show(groups) {
  section.hidden = groups.length === 0;
  const count = (chosen) => groups.filter(chosen).reduce((sum, group) => sum + group.samples, 0);
  const samples = count((group) => group.reason !== PASSED_OVER);
  const files = count((group) => group.reason === PASSED_OVER);
  const refused = `${samples.toLocaleString("en")} ${samples === 1 ? "sample" : "samples"} refused in the last hour`;
  title.textContent = files ? `${refused}, ${files.toLocaleString("en")} files passed over` : refused;
  rows.replaceChildren(...groups.map(row));
}
