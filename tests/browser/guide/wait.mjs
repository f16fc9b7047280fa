// Waiting for what becomes true, with a patience for a machine that does other things as well.
export const patience = Number(process.env.GUICHET_PATIENCE ?? 20_000);

export async function eventually(check, within = patience) {
  for (const end = Date.now() + within; ;) {
    try {
      return await check();
    } catch (fault) {
      if (Date.now() > end) throw fault;
    }
    await new Promise((again) => setTimeout(again, 60));
  }
}
