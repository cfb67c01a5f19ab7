/** A command that ends in the way it is told to. */
import { writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { newCommand, perform } from "../../commands/shared/command";
import { UserError } from "../../lib/user-error";

const ends: Readonly<Record<string, (text: string) => void | Promise<void>>> = {
  done: (text) => console.log(text),
  mistake: (text) => {
    throw new UserError(text);
  },
  disk: (path) => {
    throw Object.assign(new Error("write failed"), { code: "ENOSPC", path });
  },
  bug: () => (undefined as unknown as string).trim() as never,
  /** Writes a file after it has printed more than a pipe holds. */
  talk: async (file) => {
    for (let line = 0; line < 20; line += 1) {
      console.log("x".repeat(100_000));
      console.error("y");
      await wait(5);
    }
    writeFileSync(file, "");
  },
};

const command = newCommand("it", "Ends.").argument("<end>").argument("<text>").option("--count <n>", "how many");

perform(command, (_options, [end = "", text = ""]) => ends[end]?.(text));
