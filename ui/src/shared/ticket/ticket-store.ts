/** What the ticket holds: other panels fill it, its keys change it. UI state alone. */

import { create } from 'zustand';

export type Side = 'BUY' | 'SELL';

interface TicketState {
  side: Side;
  price: string;
  quantity: string;
  /** One-click trading: a click on the ladder sends. */
  armed: boolean;
  /** The orders that are on their way, each as `symbol: what it says`. */
  sending: readonly string[];
  setSide: (side: Side) => void;
  setPrice: (price: string) => void;
  setQuantity: (quantity: string) => void;
  setArmed: (armed: boolean) => void;
  /** False where just such an order is on its way already. */
  begin: (order: string) => boolean;
  end: (order: string) => void;
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
  begin: (order) => {
    const { sending } = get();
    if (sending.includes(order)) return false;
    set({ sending: [...sending, order] });
    return true;
  },
  end: (order) => set(({ sending }) => ({ sending: sending.filter((one) => one !== order) })),
  clear: () => set({ price: '', quantity: '', armed: false }),
}));
