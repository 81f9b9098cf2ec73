/** What every server is told: its clients and its person. Everybody may know these secrets: they are for this machine and this hour. */
export const MACHINE = { id: 'bench-machine', secret: 'bench-secret-0123456789abcdef' };
export const WEB = { id: 'bench-web', secret: 'bench-web-secret-0123456789abcdef', redirect: 'http://127.0.0.1:8765/callback' };
export const PERSON = { name: 'alice', password: 'wonderland-9Lives' };
