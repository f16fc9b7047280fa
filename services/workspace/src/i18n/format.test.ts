import './areas/composer.gen';
import './areas/conversation.gen';
import { describe, expect, it } from 'vitest';
import { formatAge, formatDay, formatTime } from './format';
import { translate } from './t';

const now = new Date(2026, 10, 23, 14, 5).getTime();
const ago = (milliseconds: number): string => new Date(now - milliseconds).toISOString();
const minute = 60_000;

describe('times as people read them', () => {
  it('tell an age in one unit, in both languages', () => {
    expect(formatAge('en', ago(20_000), now)).toBe('<\u00a01\u00a0min');
    expect(formatAge('en', ago(2 * minute), now)).toBe('2\u00a0min');
    expect(formatAge('fr', ago(59 * minute), now)).toBe('59\u00a0min');
    expect(formatAge('fr', ago(61 * minute), now)).toBe('1\u00a0h');
    expect(formatAge('en', ago(50 * 60 * minute), now)).toBe('2\u00a0d');
    expect(formatAge('fr', ago(50 * 60 * minute), now)).toBe('2\u00a0j');
  });

  it('never tell a time in the future, whatever the clocks', () => {
    expect(formatAge('en', ago(-5 * minute), now)).toBe('<\u00a01\u00a0min');
  });

  it('tell the hour as 14:05 in both languages', () => {
    expect(formatTime('en', now)).toBe('14:05');
    expect(formatTime('fr', now)).toBe('14:05');
  });

  it('name days by how near they are', () => {
    expect(formatDay('fr', ago(minute), now)).toBe('Aujourd’hui');
    expect(formatDay('fr', ago(24 * 60 * minute), now)).toBe('Hier');
    expect(formatDay('en', ago(5 * 24 * 60 * minute), now)).toBe('Wednesday 18 November');
    expect(formatDay('fr', ago(400 * 24 * 60 * minute), now)).toMatch(/2025$/);
  });
});

describe('the catalogues', () => {
  it('count as each language counts: zero is plural in English and singular in French', () => {
    expect(translate('en', 'inbox.unseen', { count: 0 })).toBe('0 messages not yet seen');
    expect(translate('fr', 'inbox.unseen', { count: 0 })).toBe('0 message pas encore vu');
    expect(translate('fr', 'inbox.unseen', { count: 2 })).toBe('2 messages pas encore vus');
  });

  it('use the guide’s own words in French', () => {
    expect(translate('fr', 'inbox.new')).toBe('Nouveau');
    expect(translate('fr', 'inbox.pending')).toBe('En attente');
    expect(translate('fr', 'inbox.all')).toBe('Toutes les conversations');
    expect(translate('fr', 'inbox.resolved')).toBe('Résolues');
  });

  it('choose by kind and group thousands', () => {
    expect(translate('en', 'conversation.kind_private_message', { network: 'x' })).toBe('Direct message');
    expect(translate('en', 'conversation.kind_private_message', { network: 'facebook' })).toBe(
      'Private message',
    );
    expect(translate('fr', 'conversation.jump_new', { count: 1234 })).toBe('1\u202f234 nouveaux messages');
  });
});
