/** Renders Envoy's configuration: for the image, and for a laptop. */
import { join } from "node:path";
import { envoyYaml } from "../envoy/bootstrap";
import { modes, type RenderOptions, requestPath } from "../envoy/options";
import { calledFrom, fromCaller, project } from "../lib/project";
import { writeRendered } from "../lib/write-rendered";
import { ports } from "../services/names";
import { envoySettings } from "../settings/envoy";
import { loadSettings } from "../settings/load";
import { newCommand, perform } from "./shared/command";

const command = newCommand(
  "npm run render --",
  "Writes Envoy's configuration to DIR/envoy.yaml. Defaults are those of the deployed system.",
)
  .requiredOption("--out <dir>", "the folder to write to; created if its parent exists")
  .option("--mode <mode>", `${modes.join(" or ")}: who verifies tokens (default: by the setting authz)`)
  .option(
    "--backend <host:port>",
    "the app (default: its Service Connect name, or 127.0.0.1 with the hardening step localBackend)",
  )
  .option("--authz <host:port>", "the authorizer, for ext_authz (default: its Service Connect name)")
  .option("--jwks <file|url>", "the pool's keys, for jwt_authn (default: Cognito's)")
  .option("--pool <id>", "the user pool, for jwt_authn")
  .option("--client <id>", "its app client, for jwt_authn")
  .option("--port <n>", `where Envoy listens (default: ${ports.envoy})`)
  .option(
    "--admin-port <n>",
    `where its admin interface listens, on the loopback interface (default: ${ports.envoyAdmin})`,
  );

perform<RenderOptions & { out: string }>(command, ({ out, ...options }) => {
  const { settings } = loadSettings({ directory: project });
  const text = envoyYaml(requestPath({ ...options, calledFrom }, envoySettings(settings)));
  console.log(`Rendered ${writeRendered(join(fromCaller(out), "envoy.yaml"), text)}`);
});
