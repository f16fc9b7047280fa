export { ContactPane, type ContactPlace, useContactPlace } from './contact-pane';
