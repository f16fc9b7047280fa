// A link's token stands behind "#", which browsers send to nobody. It is read once and taken out of the address,
// so that it stays in no history and no screenshot.
let kept: string | null = null;

export function tokenOfAddress(): string | null {
  const found = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (found) {
    kept = found;
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }
  return kept;
}
