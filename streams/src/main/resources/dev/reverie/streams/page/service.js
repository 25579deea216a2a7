// Calls the API of the service, with the user's token if the user has entered one.

const TOKEN = "reverie-token";

/** Thrown when the service refuses a request. The message says what to do. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export function useToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

export function headers(further = {}) {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { ...further, Authorization: `Bearer ${token}` } : further;
}

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: headers() });
  if (!answer.ok && answer.status !== 404) {
    throw await refusal(answer);
  }
  return answer;
}

export async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  return new Refused(answer.status, problem.detail ?? `the service responded with status ${answer.status}`);
}

async function json(path) {
  const answer = await ask(path);
  if (!answer.ok) {
    throw await refusal(answer);
  }
  return answer.json();
}

/** Puts a space before dots, which the service removes: a browser takes them for a step within the path, even if they are encoded. */
const classPath = (label) => `/v1/classes/${/^\.\.?$/.test(label) ? "%20" : ""}${encodeURIComponent(label)}`;

export const status = () => json("/v1/status");
export const cluster = () => json("/v1/cluster");
export const classes = () => json("/v1/classes");
export const moments = () => json("/v1/history");
export const curves = () => json("/v1/history/curves");
export const moment = (number) => json(`/v1/history/${number}`);

/** Returns the bytes of a picture, or undefined if the history no longer contains it. */
export async function picture(name) {
  const answer = await ask(`/v1/history/pictures/${name}.png`);
  return answer.ok ? answer.blob() : undefined;
}

export async function memory() {
  const answer = await ask("/v1/memory");
  if (!answer.ok) {
    throw await refusal(answer);
  }
  return answer.blob();
}

/** Treats a 404 as success, because the class no longer exists. */
export const forget = (label) => ask(classPath(label), { method: "DELETE" });
export const sealWhenConverged = (label) => ask(`${classPath(label)}/seal?when=converged`, { method: "POST" });
export const cancelSeal = (label) => ask(`${classPath(label)}/seal`, { method: "DELETE" });
export const seal = (label) => ask(`${classPath(label)}/seal`, { method: "POST" });
