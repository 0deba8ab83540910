export function ExercisePanel() { return <p/> }
