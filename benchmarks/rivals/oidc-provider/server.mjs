/** oidc-provider with JWT access tokens by RS256 and rotated refresh tokens; its documentation's example adapter for Redis. */
import { generateKeyPairSync } from 'node:crypto';
import { Redis } from 'ioredis';
import { Provider } from 'oidc-provider';

const { address, redis: url, machine, web } = JSON.parse(process.argv[2]);
const API = 'https://bench.example';
const DAY = 86_400;

const redis = new Redis(url, { keyPrefix: 'oidc:' });
const CONSUMABLE = new Set(['AuthorizationCode', 'RefreshToken']);
const GRANTABLE = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

class RedisAdapter {
  constructor(name) {
    this.name = name;
  }

  key(id) {
    return `${this.name}:${id}`;
  }

  async upsert(id, payload, lifetime) {
    const [key, multi] = [this.key(id), redis.multi()];
    if (CONSUMABLE.has(this.name)) multi.hmset(key, { payload: JSON.stringify(payload) });
    else multi.set(key, JSON.stringify(payload));
    if (lifetime) multi.expire(key, lifetime);
    if (GRANTABLE.has(this.name) && payload.grantId) {
      multi.rpush(`grant:${payload.grantId}`, key);
      multi.expire(`grant:${payload.grantId}`, DAY);
    }
    if (payload.uid) multi.set(`uid:${payload.uid}`, id, 'EX', lifetime);
    await multi.exec();
  }

  async find(id) {
    if (!CONSUMABLE.has(this.name)) {
      const text = await redis.get(this.key(id));
      return text ? JSON.parse(text) : undefined;
    }
    const { payload, ...rest } = await redis.hgetall(this.key(id));
    return payload ? { ...rest, ...JSON.parse(payload) } : undefined;
  }

  async findByUid(uid) {
    const id = await redis.get(`uid:${uid}`);
    return id ? this.find(id) : undefined;
  }

  async destroy(id) {
    await redis.del(this.key(id));
  }

  async revokeByGrantId(grantId) {
    const multi = redis.multi();
    for (const key of await redis.lrange(`grant:${grantId}`, 0, -1)) multi.del(key);
    multi.del(`grant:${grantId}`);
    await multi.exec();
  }

  async consume(id) {
    await redis.hset(this.key(id), 'consumed', Math.floor(Date.now() / 1000));
  }
}

const client = ({ id, secret, redirect }, grants) => ({
  client_id: id,
  client_secret: secret,
  grant_types: grants,
  response_types: redirect ? ['code'] : [],
  redirect_uris: redirect ? [redirect] : [],
  token_endpoint_auth_method: 'client_secret_basic',
});

/** A machine that names no scope gets an opaque token. */
const isOpaque = ({ oidc }) => oidc.route === 'token' && oidc.params?.grant_type === 'client_credentials' && !oidc.params.scope;

const key = { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'rival', use: 'sig', alg: 'RS256' };

new Provider(address, {
  adapter: RedisAdapter,
  jwks: { keys: [key] },
  cookies: { keys: ['rival-cookie-key'] },
  clients: [client(machine, ['client_credentials']), client(web, ['authorization_code', 'refresh_token'])],
  scopes: ['openid', 'offline_access', 'bench'],
  ttl: { ClientCredentials: 300, AccessToken: 300, RefreshToken: DAY, Grant: DAY, Session: DAY, IdToken: 300, Interaction: 3600, AuthorizationCode: 60 },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (context) => (isOpaque(context) ? undefined : API),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'bench',
        audience: API,
        accessTokenTTL: 300,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
}).listen(Number(new URL(address).port), '127.0.0.1');
