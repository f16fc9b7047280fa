// Everybody who may be assigned to, with how they stand: it changes by the minute, so that every look asks again.
import { queryOptions } from '@tanstack/react-query';
import { getTeam } from '../gateway';

export const teamQuery = queryOptions({ queryKey: ['team'], queryFn: getTeam, staleTime: 0 });
