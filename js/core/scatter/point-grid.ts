/** Side of a cell, in CSS pixels. */
const CELL = 16;

/** Finds the nearest of many points without looking at all of them: they are sorted into the cells of a grid. */
export class PointGrid {
  readonly #xs: Float32Array;
  readonly #ys: Float32Array;
  readonly #across: number;
  readonly #down: number;
  /** Where each cell's rows begin in `#rows`. */
  readonly #starts: Int32Array;
  readonly #rows: Int32Array;

  /** Points `rows` at `xs[row]`, `ys[row]`, within `width` × `height`. */
  constructor(xs: Float32Array, ys: Float32Array, rows: Int32Array, width: number, height: number) {
    this.#xs = xs;
    this.#ys = ys;
    this.#across = Math.max(1, Math.ceil(width / CELL));
    this.#down = Math.max(1, Math.ceil(height / CELL));
    const cells = this.#across * this.#down;
    const counts = new Int32Array(cells);
    for (const row of rows) {
      const cell = this.#cellOf(row);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    this.#starts = new Int32Array(cells + 1);
    for (let cell = 0; cell < cells; cell++) {
      this.#starts[cell + 1] = (this.#starts[cell] ?? 0) + (counts[cell] ?? 0);
    }
    const next = this.#starts.slice();
    this.#rows = new Int32Array(rows.length);
    for (const row of rows) {
      const cell = this.#cellOf(row);
      const at = next[cell] ?? 0;
      this.#rows[at] = row;
      next[cell] = at + 1;
    }
  }

  /** The row nearest to a place, −1 if none is within `reach`; of points in one place that which is drawn last. */
  nearest(x: number, y: number, reach: number): number {
    let found = -1;
    let least = reach * reach;
    for (let down = this.#clampDown(y - reach); down <= this.#clampDown(y + reach); down++) {
      for (let across = this.#clampAcross(x - reach); across <= this.#clampAcross(x + reach); across++) {
        const cell = down * this.#across + across;
        for (let at = this.#starts[cell] ?? 0; at < (this.#starts[cell + 1] ?? 0); at++) {
          const row = this.#rows[at] ?? 0;
          const away = ((this.#xs[row] ?? 0) - x) ** 2 + ((this.#ys[row] ?? 0) - y) ** 2;
          if (away <= least) {
            least = away;
            found = row;
          }
        }
      }
    }
    return found;
  }

  #cellOf(row: number): number {
    return this.#clampDown(this.#ys[row] ?? 0) * this.#across + this.#clampAcross(this.#xs[row] ?? 0);
  }

  #clampAcross(x: number): number {
    return Math.min(this.#across - 1, Math.max(0, Math.floor(x / CELL)));
  }

  #clampDown(y: number): number {
    return Math.min(this.#down - 1, Math.max(0, Math.floor(y / CELL)));
  }
}
