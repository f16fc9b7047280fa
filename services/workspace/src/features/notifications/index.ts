export { Bell } from './bell';
export { OfferBar } from './offer-bar';
export { useRaisedToasts } from './use-raised-toasts';
