export { QueueList } from './queue-list';
export { queueNames } from './queue-names';
