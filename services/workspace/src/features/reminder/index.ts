export { ReminderMenu } from './reminder-menu';
