/** Renders Envoy's configuration: for the image, and for a laptop. */
import { Command } from "commander";
import { envoyYaml } from "../envoy/bootstrap";
import { modes, type RenderOptions, requestPath } from "../envoy/options";
import { writeRendered } from "../lib/write-rendered";
import { ports } from "../services/names";
import { loadSettings } from "../settings/load";

const { out, ...options } = new Command("npm run render --")
  .description("Writes Envoy's configuration to DIR/envoy.yaml. What isn't given is as in the deployed system.")
  .requiredOption("--out <dir>", "the folder to write to, made where it is missing and its parent is there")
  .option("--mode <mode>", `${modes.join(" or ")}: who verifies tokens (default: by the setting authz)`)
  .option("--backend <host:port>", "the app (default: its Service Connect name)")
  .option("--authz <host:port>", "the authorizer, for ext_authz (default: its Service Connect name)")
  .option("--jwks <file|url>", "the pool's keys, for jwt_authn (default: Cognito's)")
  .option("--pool <id>", "the user pool, for jwt_authn")
  .option("--client <id>", "its app client, for jwt_authn")
  .option("--port <n>", `where Envoy listens (default: ${ports.envoy})`)
  .option(
    "--admin-port <n>",
    `where its admin interface listens, on the loopback interface (default: ${ports.envoyAdmin})`,
  )
  .parse()
  .opts<RenderOptions & { out: string }>();

console.log(`Rendered ${writeRendered(out, "envoy.yaml", envoyYaml(requestPath(options, loadSettings().settings)))}`);
