/** So many pixels of a picture are one of CSS, across and down. */
export const PAPER_SCALE = 2;

/** A white picture of a size in CSS pixels, and what is drawn on it. */
export function drawOnPaper(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width * PAPER_SCALE;
  canvas.height = height * PAPER_SCALE;
  const context = canvas.getContext('2d');
  if (context !== null) {
    context.scale(PAPER_SCALE, PAPER_SCALE);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    draw(context);
  }
  return canvas;
}
