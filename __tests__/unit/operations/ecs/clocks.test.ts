import { retiringDatabases } from "../../../../operations/ecs/clocks";
import { SynthesizedStacks } from "../../../../terraform/synthesized";
import { synth } from "../../../../tools/testing";

const found = (engineVersion?: string) => {
  const settings = engineVersion === undefined ? {} : { database: { engineVersion } };
  return retiringDatabases(new SynthesizedStacks([{ id: "app", json: synth({ settings }).app.json }]));
};

test("a database with a minor version is warned of, and what to set instead", () => {
  expect(found()).toEqual([
    {
      status: "warn",
      check: "database",
      subject: "cruddur-db-instance",
      detail:
        '14.6 names a minor version, which RDS retires: it refuses to create such a database, and upgrades one that is there; "14" leaves the minor version to RDS (database.engineVersion)',
    },
  ]);
  expect(found("15.10")[0]?.detail).toMatch(/^15\.10 .*"15" leaves/);
});

test("one with a major version alone goes on", () => {
  expect(found("14")).toEqual([]);
});
