/**
 * Makes a drawing that happens once per frame, however often it is asked for; `cancel` takes back what is pending.
 *
 * @example const draw = oncePerFrame(() => paint()); source.subscribe(draw.request);
 */
export function oncePerFrame(draw: () => void): { request: () => void; cancel: () => void } {
  let frame = 0;
  return {
    request(): void {
      if (frame === 0) {
        frame = requestAnimationFrame(() => {
          frame = 0;
          draw();
        });
      }
    },
    cancel(): void {
      cancelAnimationFrame(frame);
      frame = 0;
    },
  };
}
