import { flushSync } from 'react-dom';

/** The text box, whichever of the two is there; one goes on writing after choosing. */
export function textBox(): HTMLElement | null {
  return document.querySelector('[data-region=composer] textarea');
}

/**
 * Puts what is asked for on the screen and the focus into its box: at once, so that the next key is written and does
 * not act. Whoever opens a menu for it names the box as where the focus returns to.
 */
export function focusTextBox(ask: () => void): void {
  flushSync(ask);
  textBox()?.focus();
}

/** One step back: from the text to the message that it would answer. */
export function leaveToStory(): void {
  document.querySelector<HTMLElement>('[data-region=timeline] [data-region-start][data-item]')?.focus();
}
