/** A condition as it was read: what is compared, and how. */
export type Condition =
  | { readonly is: 'any' | 'all'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition }
  | { readonly is: 'compared'; readonly left: Operand; readonly sign: Sign; readonly right: Operand }
  | { readonly is: 'among'; readonly left: Operand; readonly list: readonly Operand[] }
  | { readonly is: 'like'; readonly left: Operand; readonly pattern: string; readonly anyCase: boolean }
  | { readonly is: 'missing'; readonly of: Operand }
  | { readonly is: 'true'; readonly of: Operand };

/** A column by its name, or a value. */
export type Operand = { readonly name: string } | { readonly value: number | string | boolean | null };
export type Sign = '=' | '!=' | '<' | '<=' | '>' | '>=';

type Token =
  | { readonly kind: 'number' | 'text' | 'name' | 'sign'; readonly text: string; readonly from: number }
  | { readonly kind: 'end'; readonly text: ''; readonly from: number };

const SIGNS: ReadonlyMap<string, Sign> = new Map<string, Sign>([
  ...(['=', '!=', '<', '<=', '>', '>='] as const).map((sign) => [sign, sign] as const),
  ['==', '='],
  ['<>', '!='],
]);
const KEYWORDS: ReadonlySet<string> = new Set('and or not in is null like ilike between true false'.split(' '));
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const PIECES = [
  ['space', /\s+|--[^\n]*/y],
  ['text', /'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")*"/y],
  ['number', /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])/y],
  ['sign', /==|!=|<>|<=|>=|[=<>(),]/y],
  ['name', /[\p{L}_][\p{L}\p{N}_.]*/uy],
] as const;

/**
 * Reads a condition: comparisons, `in`, `like`, `between` and `is null`, joined by `and`, `or` and `not`.
 *
 * @param names those of the columns: such as are no SQL names (`val/auc`) may stand bare.
 * @throws what in the condition cannot be read.
 */
export function readCondition(text: string, names: Iterable<string>): Condition {
  return new Reader(text, tokensOf(text, names)).read();
}

function tokensOf(text: string, names: Iterable<string>): Token[] {
  const known = new Set(names);
  const odd = [...known].filter((name) => !/^[A-Za-z_][\w.]*$/.test(name)).sort((a, b) => b.length - a.length);
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const isStart = at === 0 || !/[\w./]/.test(text[at - 1] ?? '');
    const name =
      isStart && odd.find((each) => text.startsWith(each, at) && !/^[\w/]/.test(text.slice(at + each.length)));
    if (name) {
      tokens.push({ kind: 'name', text: name, from: at });
      at += name.length;
      continue;
    }
    const [kind, piece] = pieceAt(text, at);
    if (kind === 'quoted') {
      tokens.push({ kind: known.has(unquoted(piece)) ? 'name' : 'text', text: unquoted(piece), from: at });
    } else if (kind !== 'space') {
      tokens.push({ kind, text: kind === 'text' ? unquoted(piece) : piece, from: at });
    }
    at += piece.length;
  }
  return [...tokens, { kind: 'end', text: '', from: text.length }];
}

function pieceAt(text: string, at: number): [(typeof PIECES)[number][0], string] {
  for (const [kind, pattern] of PIECES) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) {
      return [kind, found[0]];
    }
  }
  throw unreadable(text, at);
}

function unquoted(text: string): string {
  const quote = text[0] ?? '';
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}

function unreadable(text: string, at: number): Error {
  const rest = text.slice(at).trim();
  const where = rest === '' ? 'it ends too early' : `it cannot be read from "${rest}" on`;
  return new Error(`Found the condition "${text}": ${where}; expected the like of: lr < 0.01 and kernel = 'rbf'`);
}

/** Reads tokens from the first to the last; what binds least is read first. */
class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  read(): Condition {
    const condition = this.#any();
    if (this.#next.kind !== 'end') {
      throw unreadable(this.#text, this.#next.from);
    }
    return condition;
  }

  get #next(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
  }

  #takes(text: string): boolean {
    const { kind } = this.#next;
    const isIt = (kind === 'sign' || kind === 'name') && this.#next.text.toLowerCase() === text;
    this.#at += Number(isIt);
    return isIt;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) {
      throw unreadable(this.#text, this.#next.from);
    }
  }

  #any(): Condition {
    return this.#joined('any', 'or', () => this.#joined('all', 'and', () => this.#negated()));
  }

  #joined(is: 'any' | 'all', word: string, part: () => Condition): Condition {
    const first = part();
    const of = [first];
    while (this.#takes(word)) {
      of.push(part());
    }
    return of.length === 1 ? first : { is, of };
  }

  #negated(): Condition {
    return this.#takes('not') ? { is: 'not', of: this.#negated() } : this.#compared();
  }

  #compared(): Condition {
    if (this.#takes('(')) {
      const inner = this.#any();
      this.#expect(')');
      return inner;
    }
    const left = this.#operand();
    const sign = this.#next.kind === 'sign' ? SIGNS.get(this.#next.text) : undefined;
    if (sign) {
      this.#at += 1;
      return { is: 'compared', left, sign, right: this.#operand() };
    }
    if (this.#takes('is')) {
      const isNot = this.#takes('not');
      this.#expect('null');
      return this.#unless(isNot, { is: 'missing', of: left });
    }
    const isNot = this.#takes('not');
    const found = this.#among(left) ?? this.#like(left) ?? this.#between(left);
    if (!found && isNot) {
      throw unreadable(this.#text, this.#next.from);
    }
    return this.#unless(isNot, found ?? { is: 'true', of: left });
  }

  #unless(isNot: boolean, of: Condition): Condition {
    return isNot ? { is: 'not', of } : of;
  }

  #among(left: Operand): Condition | undefined {
    if (!this.#takes('in')) {
      return undefined;
    }
    this.#expect('(');
    const list = [this.#operand()];
    while (this.#takes(',')) {
      list.push(this.#operand());
    }
    this.#expect(')');
    return { is: 'among', left, list };
  }

  #like(left: Operand): Condition | undefined {
    const anyCase = this.#takes('ilike');
    if (!anyCase && !this.#takes('like')) {
      return undefined;
    }
    const { kind, text, from } = this.#next;
    if (kind !== 'text') {
      throw unreadable(this.#text, from);
    }
    this.#at += 1;
    return { is: 'like', left, pattern: text, anyCase };
  }

  #between(left: Operand): Condition | undefined {
    if (!this.#takes('between')) {
      return undefined;
    }
    const low = this.#operand();
    this.#expect('and');
    const high = this.#operand();
    return {
      is: 'all',
      of: [
        { is: 'compared', left, sign: '>=', right: low },
        { is: 'compared', left, sign: '<=', right: high },
      ],
    };
  }

  #operand(): Operand {
    const { kind, text, from } = this.#next;
    const word = text.toLowerCase();
    this.#at += 1;
    if (kind === 'number') {
      return { value: Number(text) };
    }
    if (kind === 'text') {
      return { value: text };
    }
    if (kind === 'name' && CONSTANTS.has(word)) {
      return { value: CONSTANTS.get(word) ?? null };
    }
    if (kind === 'name' && !KEYWORDS.has(word)) {
      return { name: text };
    }
    throw unreadable(this.#text, from);
  }
}
