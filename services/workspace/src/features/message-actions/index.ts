export { ActBadge, ActsOfMessage } from './acts';
export { followingOf } from './actions.logic';
export { MessageMenu } from './message-menu';
export { useCopy } from './use-copy';
export { useMessageKeys } from './use-message-keys';
