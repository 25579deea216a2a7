// Shows the nodes of a service that runs on several.

const section = document.getElementById("nodes");
const rows = section.querySelector("tbody");

function cell(text) {
  return Object.assign(document.createElement("td"), { textContent: text });
}

function row(member, unreachable) {
  const line = document.createElement("tr");
  const state = unreachable ? "unreachable" : member.state.replace("_", " ");
  line.dataset.state = unreachable ? "unreachable" : member.state;
  line.append(
    cell(member.address),
    cell(member.leader ? `${state}, leader` : state),
    cell(member.classes === null ? "?" : member.classes.toLocaleString("en")),
  );
  return line;
}

/** Shows the nodes, or hides their table if there is none but the service itself. */
export function show(cluster) {
  section.hidden = !cluster;
  const members = cluster?.members ?? [];
  rows.replaceChildren(...members.map((member) => row(member, cluster.unreachable.includes(member.address))));
}
