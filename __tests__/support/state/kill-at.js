/**
 * Loaded into a process before everything else (`node --require`): counts what the process writes into a folder of runs,
 * records it, and kills the process at one of these points, with what a death at that moment leaves behind.
 */
const fs = require("node:fs");
const { basename } = require("node:path");

const { STATE_LAB_RUNS: runs = "/nowhere", STATE_LAB_RECORD: record, STATE_LAB_KILL: killAt } = process.env;
const { openSync, writeSync, writeFileSync, renameSync, appendFileSync } = fs;

const unfinished = new Map();
let count = 0;

const isCounted = (path) => String(path).startsWith(runs) && !/\/(proof|places)\//.test(String(path));
const die = () => process.kill(process.pid, "SIGKILL");

function step(path, write) {
  if (!isCounted(path)) return write();
  if (killAt === `${count}:before`) die();
  const result = write();
  if (record !== undefined) appendFileSync(record, `${count} ${basename(path)}\n`);
  if (killAt === `${count}:after`) die();
  count += 1;
  return result;
}

fs.openSync = (path, ...rest) => {
  const handle = openSync(path, ...rest);
  unfinished.set(handle, path);
  return handle;
};
fs.writeSync = (handle, buffer, ...rest) => {
  if (isCounted(unfinished.get(handle)) && killAt === `${count}:before`) {
    writeSync(handle, buffer, 0, Math.floor(buffer.length / 2));
    die();
  }
  return writeSync(handle, buffer, ...rest);
};
fs.renameSync = (from, to) => step(to, () => renameSync(from, to));
fs.writeFileSync = (path, ...rest) => step(path, () => writeFileSync(path, ...rest));
