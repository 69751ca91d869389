import type { Answer, History, Question, ViewRecord } from '../core/wire';

/** A record with what was answered since it was made: it tells what a page showed last. */
export function withAnswer(record: ViewRecord, question: Question, answer: Answer): ViewRecord {
  switch (answer.answer) {
    case 'runs':
      return { ...record, table: answer };
    case 'filter': {
      const filter = question.ask === 'filter' ? question.expression : '';
      return { ...record, state: { ...record.state, filter }, passing: answer.run_ids };
    }
    case 'history':
      return { ...record, histories: withHistory(record.histories, answer) };
    case 'importance': {
      const others = record.importances?.filter(({ metric }) => metric !== answer.metric) ?? [];
      return { ...record, importances: [answer, ...others] };
    }
    default:
      return record;
  }
}

/** Only the lines that went on are asked for: the others stay. A zoom is no whole line. */
function withHistory(histories: readonly History[], answer: History): History[] {
  if (answer.range) {
    return [...histories];
  }
  const isSame = ({ metric, x, range }: History): boolean => metric === answer.metric && x === answer.x && !range;
  const before = histories.find(isSame)?.lines ?? [];
  const asked = new Set(answer.lines.map(({ run_id }) => run_id));
  const lines = [...before.filter(({ run_id }) => !asked.has(run_id)), ...answer.lines];
  return [{ ...answer, lines }, ...histories.filter((history) => !isSame(history))];
}
