export { json, redirect, reply, type Reply, writeReply } from './reply.js';
export { ReplyInterceptor } from './reply.interceptor.js';
