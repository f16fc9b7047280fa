/** The text box, whichever of the two is there; one goes on writing after choosing. */
export function textBox(): HTMLElement | null {
  return document.querySelector('[data-region=composer] textarea');
}

/** After what was just asked for is on the screen. */
export function focusTextBox(): void {
  requestAnimationFrame(() => textBox()?.focus());
}

/** One step back: from the text to the message that it would answer. */
export function leaveToStory(): void {
  document.querySelector<HTMLElement>('[data-region=timeline] [data-region-start][data-item]')?.focus();
}
