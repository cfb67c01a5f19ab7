/**
 * As much of OTLP's binary form as tells which spans came.
 * https://protobuf.dev/programming-guides/encoding/,
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */

export interface ReceivedSpan {
  /** Hexadecimal. */
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
}

/** The same with what a list of traces shows of it. */
export interface TimedSpan extends ReceivedSpan {
  /** The resource's `service.name`. */
  readonly service: string;
  /** Hexadecimal; empty for the first of its trace. */
  readonly parentSpanId: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly isError: boolean;
}

/** The spans of an `ExportTraceServiceRequest`. @throws Error for what isn't one */
export function spansOf(request: Buffer): ReceivedSpan[] {
  return timedSpansOf(request).map(({ traceId, spanId, name }) => ({ traceId, spanId, name }));
}

/** @throws Error as `spansOf` */
export function timedSpansOf(request: Buffer): TimedSpan[] {
  return messages(request, 1) // resource_spans
    .flatMap((resourceSpans) => {
      const service = serviceName(messages(resourceSpans, 1)); // resource
      return messages(resourceSpans, 2) // scope_spans
        .flatMap((scopeSpans) => messages(scopeSpans, 2)) // spans
        .map((span) => timedSpan(span, service));
    });
}

function timedSpan(span: Buffer, service: string): TimedSpan {
  const startMs = milliseconds(span, 7);
  return {
    service,
    traceId: message(span, 1).toString("hex"),
    spanId: message(span, 2).toString("hex"),
    parentSpanId: message(span, 4).toString("hex"),
    name: message(span, 5).toString("utf8"),
    startMs,
    durationMs: milliseconds(span, 8) - startMs,
    // status.code 2 is ERROR.
    isError: fields(message(span, 15)).some(({ number, value }) => number === 3 && value === 2),
  };
}

function serviceName(resources: readonly Buffer[]): string {
  const attributes = resources.flatMap((resource) => messages(resource, 1));
  const named = attributes.find((attribute) => message(attribute, 1).toString("utf8") === "service.name");
  return named === undefined ? "" : message(message(named, 2), 1).toString("utf8");
}

/** Of a field of nanoseconds since 1970. */
function milliseconds(span: Buffer, wanted: number): number {
  const found = fields(span).find(({ number }) => number === wanted)?.value;
  return Buffer.isBuffer(found) ? Number(found.readBigUInt64LE()) / 1e6 : 0;
}

function message(within: Buffer, wanted: number): Buffer {
  return messages(within, wanted)[0] ?? Buffer.alloc(0);
}

/** The values of a message's length-delimited fields of one number. */
function messages(within: Buffer, wanted: number): Buffer[] {
  return fields(within).flatMap(({ number, type, value }) =>
    number === wanted && type === 2 ? [value as Buffer] : [],
  );
}

interface Field {
  readonly number: number;
  readonly type: number;
  /** A number of wire type 0, bytes of the others. */
  readonly value: number | Buffer;
}

function fields(within: Buffer): Field[] {
  const found: Field[] = [];
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = within[position++];
      if (byte === undefined) throw new Error("The message ends within a number");
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const bytes = (length: number): Buffer => {
    const value = within.subarray(position, position + length);
    position += length;
    if (position > within.length) throw new Error("The message ends within a field");
    return value;
  };
  while (position < within.length) {
    const tag = varint();
    const type = tag % 8;
    const number = (tag - type) / 8;
    if (type === 0) found.push({ number, type, value: varint() });
    else if (type === 1) found.push({ number, type, value: bytes(8) });
    else if (type === 5) found.push({ number, type, value: bytes(4) });
    else if (type === 2) found.push({ number, type, value: bytes(varint()) });
    else throw new Error(`Wire type ${type} is none of protobuf's`);
  }
  return found;
}
