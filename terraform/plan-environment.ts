/**
 * Go's collector takes a fifth of a short plan's time in Terraform and the provider, which end long before memory is
 * short. It starts only when a process nears the limit. https://go.dev/doc/gc-guide#Memory_limit
 */
export const planEnvironment: NodeJS.ProcessEnv = {
  GOGC: process.env.GOGC ?? "off",
  GOMEMLIMIT: process.env.GOMEMLIMIT ?? "1GiB",
};
