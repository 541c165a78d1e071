/** What the ladder is told from elsewhere on the page. */

import { create } from 'zustand';

interface LadderState {
  /** Rises each time the best prices are wanted in the middle. */
  centred: number;
  centre: () => void;
}

export const useLadder = create<LadderState>((set) => ({
  centred: 0,
  centre: () => set(({ centred }) => ({ centred: centred + 1 })),
}));
