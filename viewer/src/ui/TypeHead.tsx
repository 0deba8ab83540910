// The head of every table with a row for each type of threat.
import { T } from '../text'

export function TypeHead() {
  return (
    <thead>
      <tr>
        {[T.across.type, T.across.launched, T.across.down, T.across.lost, T.across.through].map((word, k) => (
          <th key={k} scope="col">
            {word}
          </th>
        ))}
      </tr>
    </thead>
  )
}
