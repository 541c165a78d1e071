/** What the ticket holds: other panels fill it, its keys change it. UI state alone. */

import { create } from 'zustand';

export type Side = 'BUY' | 'SELL';

interface TicketState {
  side: Side;
  price: string;
  quantity: string;
  /** One-click trading: a click on the ladder sends. */
  armed: boolean;
  /** The markets in which an order is on its way: a second one waits for the first. */
  sending: readonly string[];
  setSide: (side: Side) => void;
  setPrice: (price: string) => void;
  setQuantity: (quantity: string) => void;
  setArmed: (armed: boolean) => void;
  /** False where an order of that market is on its way already. */
  begin: (symbol: string) => boolean;
  end: (symbol: string) => void;
  /** Another market: its prices are others. */
  clear: () => void;
}

export const useTicket = create<TicketState>((set, get) => ({
  side: 'BUY',
  price: '',
  quantity: '',
  armed: false,
  sending: [],
  setSide: (side) => set({ side }),
  setPrice: (price) => set({ price }),
  setQuantity: (quantity) => set({ quantity }),
  setArmed: (armed) => set({ armed }),
  begin: (symbol) => {
    const { sending } = get();
    if (sending.includes(symbol)) return false;
    set({ sending: [...sending, symbol] });
    return true;
  },
  end: (symbol) => set(({ sending }) => ({ sending: sending.filter((one) => one !== symbol) })),
  clear: () => set({ price: '', quantity: '', armed: false }),
}));
