export { OwnerMenu } from './owner-menu';
