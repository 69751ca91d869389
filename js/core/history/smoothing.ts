/**
 * Exponential moving average without bias towards zero, as TensorBoard draws it:
 *
 *     last = last × weight + (1 − weight) × value        smoothed = last / (1 − weight ^ n)
 *
 * with `last` = 0 at first and `n` the finite values so far (tensorboard/components/vz_line_chart2/line-chart.ts,
 * `resmoothDataset`; the correction is Adam's, Kingma and Ba 2015, section 3). Values that are not finite stay as they
 * are and leave the average untouched. A weight of 0 gives the values back.
 */
export function debiasedAverage(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) {
    return values;
  }
  const smoothed = new Float64Array(values.length);
  let last = 0;
  let remaining = 1;
  for (const [at, value] of values.entries()) {
    if (Number.isFinite(value)) {
      last = last * weight + (1 - weight) * value;
      remaining *= weight;
      smoothed[at] = last / (1 - remaining);
    } else {
      smoothed[at] = value;
    }
  }
  return smoothed;
}
