import { nullTranslator } from '@jupyterlab/translation';
import { expect, test, vi } from 'vitest';
import type { Place } from '../../core/wire';
import { picker } from './picker';

const place = (store: string, experiment: string, exists = true): Place => ({
  store,
  folder: `/${store}/.trackside`,
  project: 'p',
  experiment,
  exists,
  told_by: 'settings',
});

test('each other store is offered once, however many notebooks have it, and none that is not there', () => {
  const picked = vi.fn();
  const { element, show } = picker(picked, nullTranslator.load('trackside'));
  const here = place('s1', 'train');
  const others = [place('s2', 'a'), place('s2', 'b'), place('s3', 'a'), place('s4', 'a', false)];
  const about = { version: '1', host: 'h', places: [here, place('s1', 'fit'), ...others] };
  show({ path: 'train.ipynb', here, about, problem: null }, null, null);
  const offered = [...element.querySelectorAll<HTMLOptionElement>('optgroup:last-child option')];
  expect(offered.map(({ text }) => text)).toEqual(['/s2/.trackside', '/s3/.trackside']);
  element.value = offered[1]?.value ?? '';
  element.dispatchEvent(new Event('change'));
  expect(picked).toHaveBeenCalledWith({ store: 's3', project: null, experiment: null });
});
