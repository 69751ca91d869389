import { expect, test } from 'vitest';
import { column } from '../example-runs';
import { titleParts } from './titles';

test("a param's title is all of its key, whatever shorter name tells it from the others", () => {
  const ridge = column('param:ridge.alpha', 'number', [1]);
  expect(titleParts({ ...ridge, name: 'alpha' })).toEqual(['ridge.', 'alpha']);
  expect(titleParts({ ...ridge, name: 'ridge.alpha' })).toEqual(['ridge.', 'alpha']);
});

test('a param that a metric has the name of is told from it; what is no param keeps its name', () => {
  expect(titleParts({ ...column('param:acc', 'number', [1]), name: 'param.acc' })).toEqual(['param.', 'acc']);
  expect(titleParts({ ...column('metric:val.loss', 'number', [1]), name: 'val.loss' })).toEqual(['', 'val.loss']);
});
