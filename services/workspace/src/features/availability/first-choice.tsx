// The first sign-in asks how to begin (S2). Closing it leaves everything as it is: Away, until one chooses.
import { useState } from 'react';
import { useAvailability } from '../../live/select';
import { lazyPart } from '../../ui/lazy-part';

const Card = lazyPart(() => import('./first-choice-card').then((part) => part.FirstChoiceCard));

export function FirstChoice() {
  const own = useAvailability();
  const [isDone, setIsDone] = useState(wasPutOff);
  const finish = (): void => {
    setIsDone(true);
    putOff();
  };
  return own?.never_chosen && !isDone ? <Card onDone={finish} /> : null;
}

const putOffKey = 'guichet.first-choice';

/** Asked once per tab: a reload must not ask again what was just put off. */
function wasPutOff(): boolean {
  try {
    return sessionStorage.getItem(putOffKey) !== null;
  } catch {
    return false;
  }
}

function putOff(): void {
  try {
    sessionStorage.setItem(putOffKey, 'later');
  } catch {
    // Then it is asked again.
  }
}
