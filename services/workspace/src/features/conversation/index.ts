export { ConversationPane } from './conversation-pane';
export { NoConversation } from './no-conversation';
