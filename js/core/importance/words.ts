import type { Importance, ParamImportance } from '../wire';
import type { Loaded } from './importance-loader';

/** Why there are no bars to see and what to do; null if there are some. */
export function importanceMessage(metric: string | null, { importance, isLoading, problem }: Loaded): string | null {
  if (metric === null) {
    return 'no metric yet: log one with ts.log(loss=…)';
  }
  if (importance === null) {
    return problem ?? (isLoading ? 'looking…' : null);
  }
  const { runs, needed, params, notes } = importance;
  if (runs < needed) {
    const have = `${runs} run${runs === 1 ? ' has' : 's have'} ended with ${metric}`;
    return [`Too few runs to tell: ${have}, ${needed} are needed.`, ...(notes ?? [])].join(' ');
  }
  return params.length > 0 ? null : (notes ?? []).join(' ');
}

/** How far what is shown can be trusted, in a line. */
export function describeForest({ explained, runs, metric, pending }: Importance): string {
  if (pending) {
    return `a forest is being grown over ${runs} runs…`;
  }
  if (explained == null) {
    return `${runs} runs`;
  }
  const share = Math.round(100 * explained);
  return explained <= 0.05
    ? `over ${runs} runs a forest cannot tell ${metric} from the params: take no bar at its word`
    : `over ${runs} runs a forest explains ${share} % of ${metric} in runs it has not seen`;
}

/** What a param does, in words: for screen readers, and beside its bar. */
export function describeParam({ name, importance, std, correlation, runs }: ParamImportance, metric: string): string {
  const rated = importance == null ? '' : `, importance ${importance.toFixed(2)} ± ${(std ?? 0).toFixed(2)}`;
  return `${name}${rated}: ${describeDirection(correlation, metric)} (${runs} runs)`;
}

function describeDirection(correlation: number | null | undefined, metric: string): string {
  if (correlation == null) {
    return 'no direction, for its values have no order or it is too rare';
  }
  const size = `Spearman ${signed(correlation)}`;
  if (Math.abs(correlation) < 0.1) {
    return `${metric} neither rises nor falls with it, ${size}`;
  }
  return `${metric} ${correlation > 0 ? 'rises' : 'falls'} with it, ${size}`;
}

/** A correlation with its sign, even if that is plus. */
export function signed(correlation: number): string {
  return `${correlation < 0 ? '−' : '+'}${Math.abs(correlation).toFixed(2)}`;
}

/** How long the bar of an importance is, in parts of its space; nothing is shorter than nothing. */
export function barLength(value: number | null | undefined, longest: number): number {
  return Math.min(1, Math.max(0, value ?? 0) / longest);
}

/** The importance of the longest bar: at least a tenth, so that noise does not fill the panel. */
export function longestBar(params: readonly ParamImportance[]): number {
  return Math.max(0.1, ...params.map(({ importance, std }) => (importance ?? 0) + (std ?? 0)));
}
