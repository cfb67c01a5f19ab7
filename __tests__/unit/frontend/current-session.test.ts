type CurrentSession = typeof import("../../../frontend/src/current-session");

/** What the browser's own process holds, and what has not yet arrived there. */
let jar = "";
interface Listening {
  onmessage?: (event: { data: unknown }) => void;
}
const channels: Listening[] = [];

/** A tab of its own. @param read what its document sees of the cookie */
function tab(read: () => string): CurrentSession {
  const document = {
    get cookie() {
      return read();
    },
    set cookie(text: string) {
      [jar = ""] = text.split(";");
    },
  };
  class Channel implements Listening {
    onmessage?: Listening["onmessage"];
    constructor() {
      channels.push(this);
    }
    postMessage(data: unknown) {
      for (const other of channels) if (other !== this) other.onmessage?.({ data });
    }
    close() {}
  }
  Object.assign(globalThis, { document, BroadcastChannel: Channel });
  let loaded: CurrentSession | undefined;
  jest.isolateModules(() => {
    loaded = require("../../../frontend/src/current-session");
  });
  (loaded as CurrentSession).shareSession("client");
  return loaded as CurrentSession;
}

test("a tab hears of another one's sign-out, also where the message overtakes the cookie", async () => {
  jest.useFakeTimers();
  let late: string | undefined;
  const [first, second] = [tab(() => jar), tab(() => late ?? jar)];
  first.enterSession("one");
  second.enterSession("one");
  const heard = jest.fn();
  second.onSessionChange(heard);
  late = jar;
  first.endSession("one");
  await jest.advanceTimersByTimeAsync(50);
  expect(heard).not.toHaveBeenCalled();
  late = undefined;
  await jest.advanceTimersByTimeAsync(3_000);
  expect(heard).toHaveBeenCalledTimes(1);
  expect(second.currentSession()).toBeUndefined();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});
