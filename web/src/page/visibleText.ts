/** The longest text that is shown of what comes from outside. */
const LONGEST = 2_000

/** Characters that are not seen, or that change how others are read: controls, marks of direction,
 * joiners, tags. A right-to-left mark can make one address look like another. */
const UNSEEN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff0-\uffff]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu

/** Returns a text as it is shown: every character that would not be seen is written as its code, and
 * what is longer than a page should hold is cut, which is said. */
export function visibleText(text: string): string {
  const shown = text.length > LONGEST ? text.slice(0, LONGEST) : text
  const seen = shown.replace(UNSEEN, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`)
  const left = text.length - shown.length
  return left > 0 ? `${seen}… (${left} more characters)` : seen
}
