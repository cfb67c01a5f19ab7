/** The first Terraform with `use_lockfile` in its S3 backend. Tested is 1.11. */
export const oldestTerraform = "1.10.0";
