/** Ops see a halt as soon as the gateway tells of it, not with the next look of everybody. */

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

const LOOK_EVERY_MS = 2_000;

export function useFreshMarkets(): void {
  const client = useQueryClient();
  useEffect(() => {
    const look = () => void client.invalidateQueries({ queryKey: ['markets'] });
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [client]);
}
