// Q16: the main job on the real product without a pointer, as the guide's tests do it.
import { Playground } from '../guide/customers.mjs';
import { keyboardJob as job } from '../guide/keyboard-job.mjs';
import { World } from '../guide/world.mjs';

export async function keyboardJob({ browser, product }) {
  const playground = new Playground(product.url);
  await playground.silence();
  const world = new World('en', product, playground, browser);
  const { presses, lost } = await job(world);
  for (const key of lost) console.log(`# the focus was lost by ${key}`);
  await world.close();
  return [
    { goal: 'Q16', what: 'key presses of the main job', value: presses, target: 25 },
    { goal: 'Q16', what: 'presses that lost the focus', value: lost.length, target: 0 },
  ];
}
