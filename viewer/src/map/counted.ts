// An icon layer that holds everything from the start and draws only the first so many: nothing is sent again each frame.
import { IconLayer } from '@deck.gl/layers'

interface CountedProps {
  drawn: number
}

export class CountedIconLayer<Data> extends IconLayer<Data, CountedProps> {
  static override layerName = 'CountedIconLayer'

  override draw(options: { uniforms: unknown }): void {
    const { drawn } = this.props
    if (drawn === 0) return
    for (const model of this.getModels()) model.setInstanceCount(drawn)
    super.draw(options as Parameters<IconLayer<Data>['draw']>[0])
  }
}
