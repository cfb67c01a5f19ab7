/** The one way in which a file is written whole. JavaScript, since tools/run.mjs takes it without a bundle. */
const fs = require("node:fs");
const { dirname } = require("node:path");

/**
 * Writes a file that is there whole or not at all, whatever happens meanwhile, and on the disk when this returns. What was there
 * stays where it can't be written.
 * @param {string} file
 * @param {string | Uint8Array} content
 * @param {{ readonly mode?: number }} [options] mode: of the file, without the umask's bits; by default readable by the user alone
 * @returns {void}
 */
function writeWhole(file, content, { mode = 0o600 } = {}) {
  const unfinished = `${file}.${process.pid}.tmp`;
  const handle = fs.openSync(unfinished, "w", mode);
  try {
    try {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      for (let written = 0; written < bytes.length; ) written += fs.writeSync(handle, bytes, written);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(unfinished, file);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
  const folder = fs.openSync(dirname(file), "r");
  try {
    fs.fsyncSync(folder);
  } finally {
    fs.closeSync(folder);
  }
}

exports.writeWhole = writeWhole;
