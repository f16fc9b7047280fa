export { QueueList } from './queue-list';
export { queueNames } from './queue-names';
export { kindOf, nameOf, snippetOf } from './row.logic';
