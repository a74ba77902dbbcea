// Coordinates as people type and copy them: «29.6088, 52.5302», «۲۹٫۶۰۸۸، ۵۲٫۵۳۰۲», in either order.
const NUMBER = "(-?\\d{1,3}[.٫]\\d+)", PAIR = new RegExp(`^\\(?\\s*${NUMBER}\\s*[,،;\\s]\\s*${NUMBER}\\s*\\)?$`);
const WEST = 44; // of Iran: what is beyond it is a longitude, for the country ends at 40 degrees north

// The point that a text is and nothing else; null where it is none.
export function coordinates(text) {
  const plain = text.trim().replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0);
  const [first, second] = (PAIR.exec(plain) ?? []).slice(1).map((number) => Number(number.replace("٫", ".")));
  if (second === undefined) return null;
  const [lat, lon] = first >= WEST && second < WEST ? [second, first] : [first, second];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}
