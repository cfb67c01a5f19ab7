/** How deep the lists and objects of a text in JSON lie within each other. Brackets in strings count for nothing. */
export function nestingOf(json: string): number {
  let [deepest, depth, inString] = [0, 0, false];
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (inString) {
      // A backslash takes the next character with it.
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}
