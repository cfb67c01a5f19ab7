/** A line of the log that the page's requests are read from. @param fields in place of, or beside, the usual ones */
export function requestLine(fields: object): string {
  return JSON.stringify({
    time: "2026-01-02T03:04:05.678Z",
    method: "GET",
    path: "/api/x",
    status: 200,
    durationMs: 7,
    ...fields,
  });
}
