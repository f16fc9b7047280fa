export { ConversationPane } from './conversation-pane';
export { ReadOnlyStory } from './read-only-story';
