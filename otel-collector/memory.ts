/** How the collector shares its task's memory. All in MiB. */
import { otelCollector } from "../services/otel-collector";

/**
 * What AWS advises to leave to the proxy that Service Connect puts into the task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
const serviceConnectProxy = 64;
const available = otelCollector.memoryMiB - serviceConnectProxy;

/** Where Go's collector of garbage begins to work harder: 80 % of what there is. The image sets it as GOMEMLIMIT. */
export const goMemoryLimit = Math.floor(available * 0.8);

/** Heap from which new spans are refused with 503, which makes senders try again: `limit - spike`. */
export const memoryLimiter = {
  /** Heap from which garbage is collected at once; the rest of the memory is stacks and bodies being read. */
  limit: available - 128,
  /** What may come between two looks, a second apart: 20 %. */
  spike: Math.floor((available - 128) * 0.2),
};
