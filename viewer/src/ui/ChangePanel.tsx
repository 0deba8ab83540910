export function ChangePanel() { return <p/> }
