// Formats times in the time zone of the browser, with 24 hours as in the log of the service.

const format = (options) => {
  const formatter = new Intl.DateTimeFormat("en-GB", options);
  return (time) => formatter.format(new Date(time));
};

export const timeOfDay = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const hourAndMinute = format({ hour: "2-digit", minute: "2-digit" });
export const date = format({ day: "numeric", month: "short", year: "numeric" });
export const dayAndTime = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** Returns a length of time in its largest unit, such as "40 s" or "8 min". */
export function span(seconds) {
  const [length, unit] = seconds < 90 ? [1, "s"] : seconds < 5400 ? [60, "min"] : [3600, "h"];
  return `${Math.round(seconds / length)} ${unit}`;
}
