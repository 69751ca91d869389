import { Observable } from '../observable';
import type { Source } from '../source';
import type { Importance, ImportanceQuestion } from '../wire';

/** A brush that moves asks for other runs with every frame. */
const SETTLE_MS = 350;
const AGAIN_MS = 500;

/** What is known of params: the last answer, and why there is no newer one. */
export interface Loaded {
  readonly importance: Importance | null;
  readonly isLoading: boolean;
  readonly problem: string | null;
}

/** Asks for importances, one question at a time, and again while the answer is pending. What was there stays meanwhile. */
export class ImportanceLoader {
  readonly loaded = new Observable<Loaded>({ importance: null, isLoading: false, problem: null });
  readonly #source: Source;
  #asking = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  /** Asks once what is wanted has settled; the first time at once. */
  ask(question: ImportanceQuestion): void {
    const { importance } = this.loaded.value;
    const kept = importance?.metric === question.metric ? importance : null;
    this.loaded.value = { importance: kept, isLoading: true, problem: null };
    this.#after(kept === null ? 0 : SETTLE_MS, question);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#asking.abort();
  }

  #after(wait: number, question: ImportanceQuestion): void {
    this.dispose();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#timer = setTimeout(() => void this.#load(question, signal), wait);
  }

  async #load(question: ImportanceQuestion, signal: AbortSignal): Promise<void> {
    try {
      const importance = await this.#source.ask(question, signal);
      if (!signal.aborted) {
        const isPending = importance.pending ?? false;
        this.loaded.value = { importance, isLoading: isPending, problem: null };
        if (isPending) {
          this.#after(AGAIN_MS, question);
        }
      }
    } catch (error) {
      if (!signal.aborted) {
        const problem = error instanceof Error ? error.message : String(error);
        this.loaded.value = { importance: this.loaded.value.importance, isLoading: false, problem };
      }
    }
  }
}
