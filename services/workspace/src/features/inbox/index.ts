export { InboxPage } from './inbox-page';
export { LazyConversation } from './lazy-conversation';
export { NoConversation } from './no-conversation';
