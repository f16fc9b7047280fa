// The pseudo-locale `ar-XB`: English that is mirrored, accented and two fifths longer, so that every screen can be
// looked at from right to left before anybody translates it. Asked for by `guichet.pseudo-locale` in this browser's
// storage; what it is made of is fetched only then.

export interface Disguise {
  readonly message: (text: string) => string;
  /** What is put into a message is not part of it. */
  readonly parameters: <P>(given: P) => P;
}

let worn: Disguise | null = null;

export function currentDisguise(): Disguise | null {
  return worn;
}

export function wear(disguise: Disguise | null): void {
  worn = disguise;
}

function isAsked(): boolean {
  try {
    return localStorage.getItem('guichet.pseudo-locale') === 'ar-XB';
  } catch {
    return false;
  }
}

/** Before the first screen is drawn; at once for everybody who did not ask. */
export function afterDisguise(show: () => void): void {
  if (!isAsked()) return show();
  void import('./pseudo').then(({ mirrored }) => {
    wear(mirrored);
    show();
  });
}
