/**
 * What Envoy answers itself: denials, unreachable services, wrong paths. What the app answers stays as it is.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/local_reply
 */
import type { HeaderValueOption } from "./types/common";
import type { AccessLogFilter, HttpConnectionManager, ResponseMapper } from "./types/listener";

export function statusIs(op: "EQ" | "NE" | "GE", status: number): AccessLogFilter {
  const value = { default_value: status, runtime_key: `local_reply.${op.toLowerCase()}_${status}` };
  return { status_code_filter: { comparison: { op, value } } };
}

function header(key: string, value: string): HeaderValueOption {
  return { header: { key, value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" };
}

/**
 * Lets a page read a denial, whatever its origin is: there is nothing in it, and a Bearer token is sent by a page's
 * script, never by the browser itself, so that `*` (without credentials) gives nothing away.
 */
const readableByPages = header("access-control-allow-origin", "*");
/** https://www.rfc-editor.org/rfc/rfc6750#section-3 */
const challenge = header("www-authenticate", "Bearer");

/** @param mappers of the verification; the first that matches decides */
export function localReplies(
  mappers: readonly ResponseMapper[],
  denialStatus: 401 | 403,
): HttpConnectionManager["local_reply_config"] {
  return {
    mappers: [
      ...mappers.map((mapper) => ({ ...mapper, headers_to_add: [readableByPages] })),
      { filter: statusIs("EQ", 401), status_code: denialStatus, headers_to_add: [readableByPages, challenge] },
      { filter: statusIs("GE", 400), headers_to_add: [readableByPages] },
    ],
    body_format: { json_format: { status: "%RESPONSE_CODE%", requestId: "%REQ(X-REQUEST-ID)%" } },
  };
}
