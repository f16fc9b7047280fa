import type { Queue } from '../../api/types';
import type { PlainKey } from '../../i18n/t';

export const queueNames: Record<Queue, PlainKey> = {
  new: 'inbox.new',
  pending: 'inbox.pending',
  all: 'inbox.all',
  resolved: 'inbox.resolved',
};
