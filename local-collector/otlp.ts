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

/** The spans of an `ExportTraceServiceRequest`. @throws Error for what isn't one */
export function spansOf(request: Buffer): ReceivedSpan[] {
  return fields(request, 1) // resource_spans
    .flatMap((resourceSpans) => fields(resourceSpans, 2)) // scope_spans
    .flatMap((scopeSpans) => fields(scopeSpans, 2)) // spans
    .map((span) => ({
      traceId: field(span, 1).toString("hex"),
      spanId: field(span, 2).toString("hex"),
      name: field(span, 5).toString("utf8"),
    }));
}

function field(message: Buffer, wanted: number): Buffer {
  return fields(message, wanted)[0] ?? Buffer.alloc(0);
}

/** The values of a message's length-delimited fields of one number. */
function fields(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[position++];
      if (byte === undefined) throw new Error("The message ends within a number");
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (position < message.length) {
    const tag = varint();
    const type = tag % 8;
    if (type === 0) varint();
    else if (type === 1) position += 8;
    else if (type === 5) position += 4;
    else if (type === 2) {
      const length = varint();
      if ((tag - type) / 8 === wanted) found.push(message.subarray(position, position + length));
      position += length;
    } else throw new Error(`Wire type ${type} is none of protobuf's`);
  }
  if (position > message.length) throw new Error("The message ends within a field");
  return found;
}
