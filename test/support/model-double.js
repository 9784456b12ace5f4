// Stands at the far end of the binding of Workers AI and answers as a guard does; what a line says decides how.
import { WorkerEntrypoint } from 'cloudflare:workers';

export class Model extends WorkerEntrypoint {
  async run(model, { messages }) {
    const { content } = messages[0];
    if (model !== 'double') throw new Error(`There is no model ${model}.`);
    if (content.includes('[slow]')) await new Promise((resolve) => setTimeout(resolve, 500));
    if (content.includes('[silent]')) await new Promise((resolve) => setTimeout(resolve, 4000));
    if (content.includes('[broken]')) throw new Error('The model is out of order.');
    if (content.includes('[words]')) return { response: 'unsafe\nS10' };
    if (content.includes('[nonsense]')) return { response: 'perhaps' };
    return { response: { safe: !content.includes('[harm]'), categories: [] } };
  }
}

export default { fetch: () => new Response(null, { status: 404 }) };
