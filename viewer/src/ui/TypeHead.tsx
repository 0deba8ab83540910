// The heads of tables: any, and that of every table with a row for each type of threat.
import { T } from '../text'

export function Head({ words }: { words: string[] }) {
  return (
    <thead>
      <tr>
        {words.map((word, k) => (
          <th key={k} scope="col">
            {word}
          </th>
        ))}
      </tr>
    </thead>
  )
}

export function TypeHead() {
  return <Head words={[T.across.type, T.across.launched, T.across.down, T.across.lost, T.across.through]} />
}
