import type { ISettingRegistry } from '@jupyterlab/settingregistry';

const PLUGIN = 'trackside:notebook';

/** Hides the marks of cells where the user's settings say so, and follows the setting. */
export async function followMarkSetting(registry: Pick<ISettingRegistry, 'load'>, root: HTMLElement): Promise<void> {
  const settings = await registry.load(PLUGIN);
  const apply = (): void => {
    root.toggleAttribute('data-trackside-no-marks', settings.get('marks').composite === false);
  };
  settings.changed.connect(apply);
  apply();
}
