/** A field of a log line. Tokens, claims and texts of verification errors (which quote tokens) never go here. */
export type LogFields = Readonly<Record<string, string | number | readonly string[]>>;

export type Log = (level: "info" | "warn" | "error", event: string, fields?: LogFields) => void;

/** One JSON object a line, on standard output. */
export const log: Log = (level, event, fields = {}) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
};
