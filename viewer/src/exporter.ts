export async function exportPage(): Promise<void> {}
