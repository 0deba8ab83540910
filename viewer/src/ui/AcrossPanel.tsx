export function AcrossPanel() { return <p/> }
