/**
 * The pseudo-terminal in which cdktf-cli runs Terraform. Two things differ from the package that cdktf-cli names:
 * `@lydell/node-pty` has binaries for today's Node, and nothing is lost that a process wrote just before it ended.
 *
 * When the last process at a terminal has ended, libuv takes one short read for the end of the file (`uv__stream_io`,
 * POLLHUP), and a terminal gives at most 4 KiB a read. While cdktf-cli was busy drawing, Terraform's error, its last
 * words, went missing. So this side keeps the terminal open until nothing more arrives.
 */
const { closeSync, constants, openSync } = require("node:fs");
const pty = require("@lydell/node-pty");

/** How long a terminal stays silent before it counts as read to its end, in milliseconds. */
const silence = 50;

/** Windows has no such terminals. */
function readToTheEnd(terminal) {
  if (process.platform === "win32") return terminal;
  const socket = terminal._socket;
  const held = openSync(terminal.ptsName, constants.O_RDWR | constants.O_NOCTTY);
  let arrived = 0;
  socket.on("data", (data) => {
    arrived += data.length;
  });
  socket.once("close", () => closeSync(held));
  const destroy = socket.destroy.bind(socket);
  // node-pty calls it 200 ms after the process has ended. Between two timers the event loop polls the socket, however
  // long a turn takes.
  socket.destroy = (error) => {
    // Before that, whoever calls it wants no more: the process may write for ever.
    if (error || !terminal._boundClose) return destroy(error);
    const before = arrived;
    setTimeout(() => (arrived === before ? destroy() : socket.destroy()), silence);
    return socket;
  };
  return terminal;
}

module.exports = { ...pty, spawn: (file, args, options) => readToTheEnd(pty.spawn(file, args, options)) };
