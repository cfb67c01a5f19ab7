import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../../lib/run-process";

/** A certificate that vouches for itself, made in a folder. */
export async function certificate(
  folder: string,
  host: string,
): Promise<{ readonly file: string; readonly cert: Buffer; readonly key: Buffer }> {
  const [file, keyFile] = [join(folder, `${host}.pem`), join(folder, `${host}.key`)];
  const { exitCode, stderr } = await runProcess("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=local"],
    ...["-addext", `subjectAltName=DNS:${host}`, "-out", file, "-keyout", keyFile],
  ]);
  if (exitCode !== 0) throw new Error(stderr);
  return { file, cert: readFileSync(file), key: readFileSync(keyFile) };
}
