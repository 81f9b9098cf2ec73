/**
 * Refresh token families in bulk: the keys that the issuer writes for a login (RedisRefreshTokens), and the tokens that go with
 * them (RefreshToken), for as many grants as wanted. They differ from a real login's in the grant's id and the secret alone.
 */
import { createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';

const AT_ONCE = 1000;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

const MASTER_SALT = 'gatehouse master key v1';

const key = (id) => `gh:refresh:{${id}}`;

const grantId = (number) => sha256(`family ${number}`).subarray(0, 16);

const secret = (number) => sha256(`secret ${number}`);

/** Writes families like KEYS[1]. ARGV: the digest of its token; then ids and digests of the new ones in turn. */
const COPY = `
local model, life = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
local first, last = string.find(model, ARGV[1], 1, true)
local before, after = string.sub(model, 1, first - 1), string.sub(model, last + 1)
for i = 2, #ARGV, 2 do redis.call('SET', 'gh:refresh:{' .. ARGV[i] .. '}', before .. ARGV[i + 1] .. after, 'PX', life) end
return life`;

/** Copies the family of this login's first refresh token under the numbers from..to. */
export async function copy(redis, token, from, to) {
  const bytes = Buffer.from(token.slice('ghr1_'.length), 'base64url');
  const [model, digest] = [bytes.subarray(0, 16), sha256(bytes.subarray(20, 52))].map((part) => part.toString('base64url'));
  const sha = (await redis.command('SCRIPT', 'LOAD', COPY)).toString();
  let under = [];
  for (let first = from; first < to; first += AT_ONCE) {
    const words = [];
    for (let number = first; number < Math.min(to, first + AT_ONCE); number++) {
      words.push(grantId(number).toString('base64url'), sha256(secret(number)).toString('base64url'));
    }
    under.push(redis.command('EVALSHA', sha, 1, key(model), digest, ...words));
    if (under.length === 4) await Promise.all(under.splice(0, 2));
  }
  await Promise.all(under);
}

/** Bytes of Redis' memory for the value of one of them, the key included and the tables around it not. */
export const bytesOf = (redis, number) => redis.command('MEMORY', 'USAGE', key(grantId(number).toString('base64url')));

/** Opens the server's secret, which PostgreSQL has sealed under the master key, and writes tokens under its MAC key. */
export function tokenWriter(masterKey, sealed) {
  const derived = (material, salt, info) => Buffer.from(hkdfSync('sha256', material, salt, info, 32));
  const version = sealed.readInt32BE(1);
  const opened = createDecipheriv('aes-256-gcm', derived(masterKey, MASTER_SALT, 'aes:sealing'), sealed.subarray(5, 17));
  opened.setAAD(Buffer.from(`2\n${version}\nserver secret`));
  opened.setAuthTag(sealed.subarray(-16));
  const serverSecret = Buffer.concat([opened.update(sealed.subarray(17, -16)), opened.final()]);
  const macKey = derived(serverSecret, 'gatehouse server secret v1', 'mac:refresh-token-mac');
  return (number) => {
    const body = Buffer.concat([grantId(number), Buffer.from([0, 0, 0, 1]), secret(number)]);
    const mac = createHmac('sha256', macKey).update(body).digest().subarray(0, 16);
    return `ghr1_${Buffer.concat([body, mac]).toString('base64url')}`;
  };
}
