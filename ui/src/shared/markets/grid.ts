/** Prices in whole ticks, quantities in whole lots: sums of them are exact, and as fast as can be. */

import { decimalsOf } from '../amounts/amounts';

export class Grid {
  readonly decimals: number;
  private readonly scale: number;
  /** A step, in units of its last decimal. */
  private readonly units: number;

  constructor(step: string) {
    this.decimals = decimalsOf(step);
    this.scale = 10 ** this.decimals;
    this.units = Math.round(Number(step) * this.scale);
  }

  /** How many steps an amount has; the nearest number where it is none of the grid. */
  steps(amount: string): number {
    return Math.round((Number(amount) * this.scale) / this.units);
  }

  /** The amount, with the decimals of the step. */
  text(steps: number): string {
    // The nearest float to an integer of 15 digits over a power of ten is drawn as just that.
    return ((steps * this.units) / this.scale).toFixed(this.decimals);
  }
}

const known = new Map<string, Grid>();

/** The grid of a market's tick or lot. */
export function gridOf(step: string): Grid {
  const grid = known.get(step) ?? new Grid(step);
  known.set(step, grid);
  return grid;
}
