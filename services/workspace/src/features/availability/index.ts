export { AvailabilityMenu } from './availability-menu';
export { FirstChoice } from './first-choice';
export { nameOfState, useAwayStates } from './use-availability';
