import type { Theme } from './theme';
import { halo } from './theme';

/** Empties a canvas and makes CSS pixels its unit. */
export function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext('2d');
  context?.scale(ratio, ratio);
  return context;
}

/** Writes text that stays readable on top of lines: with a rim in the colour of the ground. */
export function haloText(context: CanvasRenderingContext2D, text: string, x: number, y: number, theme: Theme): void {
  context.strokeStyle = halo(theme);
  context.lineWidth = 3;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}
