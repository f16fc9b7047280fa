// Keeps what a member prefers the same on all of their devices. Everything works without the server: what is chosen
// holds here at once, and is told there when it can be.
import { ApiProblem } from '../../api/http';
import { getPreferences, putPreferences } from '../../api/settings';
import type { Preferences, SharedPreferences } from '../../api/settings-types';
import { languageSetting } from '../../i18n/language';
import { themeSetting } from '../../settings/appearance';
import { areLetterKeysOn, letterKeysSetting, ownKeys, ownKeysSetting } from '../../settings/keys';
import { Kept, lastChange } from '../../settings/setting';
import { isSame, type Known, nextStep } from './preferences.logic';

/** Several choices in a row are told together. */
const pause = 800;
/** Two devices that go on choosing at the same time: the next change tries again. */
const tries = 3;

const heard = new Kept<Known>('guichet.preferences', {
  read: (stored) => {
    const known = JSON.parse(stored) as Known | null;
    return typeof known?.rev === 'number' && typeof known.member === 'string' && known.values ? known : null;
  },
  write: (known) => JSON.stringify(known),
  isShared: false,
});

const shared = [themeSetting, languageSetting, letterKeysSetting, ownKeysSetting] as const;

export class PreferencesSync {
  #running: Promise<void> = Promise.resolve();
  #cancel: (() => void) | null = null;
  #isTaking = false;

  constructor(
    private readonly member: string,
    private readonly after: (milliseconds: number, run: () => void) => () => void,
  ) {}

  watch(): () => void {
    const ends = shared.map((setting) => setting.subscribe(() => this.#changed()));
    return () => {
      for (const end of ends) end();
      this.#cancel?.();
    };
  }

  /** Hears what other devices said, and says what was chosen here meanwhile. */
  pull(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    // One after the other: each decides by what the one before has heard.
    this.#running = this.#running.then(() => this.#meet()).catch(() => undefined);
    return this.#running;
  }

  #changed(): void {
    if (this.#isTaking) return;
    this.#cancel?.();
    this.#cancel = this.after(pause, () => void this.pull());
  }

  async #meet(left = tries): Promise<void> {
    const server = await getPreferences();
    const mine = { values: this.#mine(server), changedAt: lastChange() };
    const step = nextStep(this.member, mine, heard.value, server);
    if (step === 'take') return this.#take(server);
    // What stands here stays, and is nobody's word to be told later.
    if (step === 'nothing') return this.#remember({ ...server, ...mine.values });
    const said = await this.#put(server).catch(isStale);
    if (said) return this.#remember(said);
    return left > 1 ? this.#meet(left - 1) : undefined;
  }

  #put(server: Preferences): Promise<Preferences> {
    return putPreferences({ ...this.#mine(server), written_at: lastChange(), rev: server.rev });
  }

  /** As chosen here; what this workspace has no screen for stays as it is there. */
  #mine(server: Preferences): SharedPreferences {
    return {
      appearance: themeSetting.value ?? 'system',
      language: languageSetting.value ?? 'system',
      keyboard: {
        single_letters: areLetterKeysOn(),
        send_with_enter: server.keyboard.send_with_enter,
        keys: ownKeys(),
      },
    };
  }

  #take(server: Preferences): void {
    const { appearance, language, keyboard } = server;
    this.#isTaking = true;
    if (!isSame(this.#mine(server), server)) {
      themeSetting.take(appearance === 'system' ? null : appearance);
      languageSetting.take(language === 'system' ? null : language);
      letterKeysSetting.take(keyboard.single_letters ? 'on' : 'off');
      ownKeysSetting.take(keyboard.keys ?? {});
    }
    this.#isTaking = false;
    this.#remember(server);
  }

  #remember({ rev, appearance, language, keyboard }: Preferences): void {
    heard.set({ member: this.member, rev, values: { appearance, language, keyboard } });
  }
}

/** Somebody was faster: read again. Anything else is tried again with the next change or connection. */
function isStale(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 409) return null;
  throw error;
}
