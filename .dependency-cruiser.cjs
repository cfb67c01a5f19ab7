/** The import rules of `npm run check`, read from the table in docs/structure.md. */
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const [, section = ""] = readFileSync(join(__dirname, "docs", "structure.md"), "utf8").split("\n## The folders\n");
const [, , ...rows] = section.split("\n").filter((line) => line.startsWith("|"));
const rooms = rows.map((row) => {
  const [, name = "", , allowed = ""] = row.split("|").map((cell) => cell.trim().replaceAll("`", ""));
  return { name: name.replace(/\/$/, ""), allowed: allowed === "" ? [] : allowed.split(", ") };
});

const packages = "^node_modules/(@?cdkt[fn]|constructs)/";
const pathOf = (name) => (name === "cdktf" ? packages : name.endsWith(".ts") ? `^${name}$` : `^${name}/`);

const arrows = rooms
  .filter(({ allowed }) => !allowed.includes("anything"))
  .map(({ name, allowed }) => ({
    name: `${name}-imports`,
    comment: `${name} may import ${allowed.join(", ") || "nothing of the project"} (docs/structure.md)`,
    severity: "error",
    from: { path: pathOf(name) },
    to: {
      path: [...rooms.map((room) => room.name), "cdktf"]
        .filter((other) => other !== name && !allowed.includes(other))
        .map(pathOf),
      pathNot: allowed.filter((other) => other.endsWith(".ts")).map(pathOf),
    },
  }));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
    {
      name: "no-circles",
      comment: "What imports each other in a circle can't be read or tested one after the other",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    // Imports of types count.
    tsPreCompilationDeps: true,
    exclude: { path: "^(\\.cache|\\.gen|\\.trial|\\.local|local/sample|artifacts|cdktf\\.out|coverage)/" },
    doNotFollow: { path: "node_modules" },
  },
};
