import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import { tracksideIcon } from './icon';

/** Tabs of one kind in the main area; the same thing is opened once, and again after a reload by `command`. */
export class Tabs<T extends Widget> {
  readonly #app: JupyterFrontEnd;
  readonly #tracker: WidgetTracker<MainAreaWidget<T>>;

  constructor(
    app: JupyterFrontEnd,
    restorer: ILayoutRestorer | null,
    { namespace, command, args }: { namespace: string; command: string; args: (content: T) => ReadonlyJSONObject },
  ) {
    this.#app = app;
    this.#tracker = new WidgetTracker({ namespace });
    void restorer?.restore(this.#tracker, { command, args: ({ content }) => args(content), name: ({ id }) => id });
  }

  /** Brings the tab with this id to the front, one with `content` where there is none yet. */
  show(id: string, label: string, content: () => T): void {
    if (this.#tracker.find((tab) => tab.id === id) === undefined) {
      const tab = new MainAreaWidget<T>({ content: content() });
      tab.id = id;
      Object.assign(tab.title, { label, icon: tracksideIcon, closable: true });
      tab.content.title.changed.connect((title) => {
        tab.title.label = title.label;
      });
      this.#app.shell.add(tab, 'main', { type: 'Trackside' });
      void this.#tracker.add(tab);
    }
    this.#app.shell.activateById(id);
  }
}
