import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { run } from '../store'
import { T } from '../text'
import { Icon } from './Icon'

export const helpOpen = signal(false)

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (helpOpen.value) dialog.current?.showModal()
    else dialog.current?.close()
  }, [helpOpen.value])
  return (
    <dialog ref={dialog} class="help" onClose={() => (helpOpen.value = false)} aria-labelledby="help-title">
      <div class="dialog-head">
        <h2 id="help-title">{T.help.title}</h2>
        <button class="tool" aria-label={T.help.close} onClick={() => (helpOpen.value = false)}>
          <Icon name="close" />
        </button>
      </div>
      <dl class="keys">
        {T.help.keys.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h2>{T.help.about}</h2>
      <p class="muted">
        {T.notional} {T.notModelled}
      </p>
      {run.value && (
        <p class="muted mono">
          shieldwall {run.value.shieldwall} · {run.value.scenario} · seed {run.value.seed} · {run.value.scenario_hash.slice(0, 12)}
        </p>
      )}
    </dialog>
  )
}
