/**
 * Texts that a spreadsheet would run when a person opens the file: a leading `=`, or `+`, `-`, `@` before a call, a program or another sheet.
 * Telephone numbers, negative numbers, handles and list items are none.
 */
const RUNS = /^(?:=|[+\-@\t\r][\s\S]*(?:\w\(|[|!]))/

/** Marked as text by an apostrophe, which spreadsheets do not show. A text with marks already gets one more, so that `unguarded` is exact. */
export const guarded = (text: string): string => (RUNS.test(text.replace(/^'+/, '')) ? `'${text}` : text)

/** What `guarded` was given. */
export const unguarded = (text: string): string =>
  text.startsWith("'") && RUNS.test(text.replace(/^'+/, '')) ? text.slice(1) : text
