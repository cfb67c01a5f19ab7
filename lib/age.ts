const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/**
 * How long ago a moment was, in its largest whole unit: `3 hours`.
 * @param moment ISO 8601; null where it isn't known
 */
export function age(moment: string | null, now = Date.now()): string {
  if (moment === null) return "-";
  const seconds = Math.max(0, Math.floor((now - Date.parse(moment)) / 1000));
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? ["second", 1];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
