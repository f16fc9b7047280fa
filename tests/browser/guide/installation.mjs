// The running product that the rows are shown on: the one that GUICHET_URL and GUICHET_DEMO name, else one that is
// started for the purpose.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { missingProduct, Product } from '../product.mjs';

const { GUICHET_URL: url, GUICHET_DEMO: demo } = process.env;

/** Why there is none; false when there is. */
export const missing = url !== undefined && demo !== undefined ? false : missingProduct;

export class Installation {
  static async reach() {
    const installation = new Installation();
    if (url !== undefined && demo !== undefined)
      return Object.assign(installation, { url, data: dirname(demo) });
    const product = await Product.start();
    return Object.assign(installation, { url: product.url, data: product.data, product });
  }

  async leave() {
    await this.product?.stop();
  }

  passwordOf(login) {
    const file = readFileSync(join(this.data, 'demo.toml'), 'utf8');
    return new RegExp(`login = "${login}"\\s+password = "([^"]+)"`).exec(file)[1];
  }

  /** Lets time have passed since a conversation was resolved. Nothing else can: the clock is everybody's. */
  age(conversation, interval) {
    const uuid = conversation.replace(/^conv_/, '');
    this.#sql(`
      UPDATE conversation.conversation SET
        opened_at = opened_at - interval '${interval}',
        last_activity_at = last_activity_at - interval '${interval}',
        resolved_at = resolved_at - interval '${interval}',
        last_resolved_at = last_resolved_at - interval '${interval}'
      WHERE conversation_id = '${uuid}' AND state = 3`);
  }

  #sql(statement) {
    const read = (name) => readFileSync(join(this.data, 'servers/run', name), 'utf8').trim();
    const told = execFileSync(psql(), ['-X', '-v', 'ON_ERROR_STOP=1', '-c', statement], {
      encoding: 'utf8',
      env: {
        ...process.env,
        PGHOST: '127.0.0.1',
        PGPORT: read('postgres.port'),
        PGUSER: 'guichet_admin',
        PGPASSWORD: read('postgres.password'),
        PGDATABASE: 'postgres',
      },
    });
    if (told.trim() !== 'UPDATE 1') throw new Error(`one row was meant: ${told}`);
  }
}

/** Debian keeps it off the path where only the server is installed. */
function psql() {
  const versions = '/usr/lib/postgresql';
  const found = (existsSync(versions) ? readdirSync(versions) : []).map((each) =>
    join(versions, each, 'bin/psql'),
  );
  return found.find((each) => existsSync(each)) ?? 'psql';
}
