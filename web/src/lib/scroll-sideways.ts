/** Brings a part of a wide bar to its middle; the page itself does not move. */
export function scrollSideways(bar: HTMLElement | null | undefined, part: string): void {
  const found = bar?.querySelector<HTMLElement>(part)
  if (!bar || !found) return
  const { left, width } = found.getBoundingClientRect()
  bar.scrollLeft += left - bar.getBoundingClientRect().left - (bar.clientWidth - width) / 2
}
