/** What the ticket holds: other panels fill it, its keys change it. UI state alone. */

import { create } from 'zustand';

export type Side = 'BUY' | 'SELL';

interface TicketState {
  side: Side;
  price: string;
  quantity: string;
  /** One-click trading: a click on the ladder sends. */
  armed: boolean;
  setSide: (side: Side) => void;
  setPrice: (price: string) => void;
  setQuantity: (quantity: string) => void;
  setArmed: (armed: boolean) => void;
  /** Another market: its prices are others. */
  clear: () => void;
}

export const useTicket = create<TicketState>((set) => ({
  side: 'BUY',
  price: '',
  quantity: '',
  armed: false,
  setSide: (side) => set({ side }),
  setPrice: (price) => set({ price }),
  setQuantity: (quantity) => set({ quantity }),
  setArmed: (armed) => set({ armed }),
  clear: () => set({ price: '', quantity: '', armed: false }),
}));
