export { createVerifier } from './verifier.js';
export { express, fastify } from './middleware.js';
