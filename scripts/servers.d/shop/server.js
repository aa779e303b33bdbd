// SPDX-License-Identifier: Apache-2.0
//
// The product API of scripts/servers.d/shop.sh. Environment: PORT, WRITES and READS (URLs of PostgreSQL), SOURCE (what READS is),
// CACHE (of Redis, or "off"), LOG (a file).
'use strict';
const fs = require('fs');
const http = require('http');
const {Pool} = require('pg');
const redis = require('redis');

const SECONDS_IN_CACHE = 60;
const SOURCE = process.env.SOURCE || 'replica'; // what READS is
const PATIENCE_MS = 2000; // what the database may take before a client is told that it failed

const pool = (url) => {
  const made = new Pool({connectionString: url, max: 32, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS});
  made.on('error', () => {}); // an idle connection that was cut: the pool makes another one
  return made;
};
const writes = pool(process.env.WRITES);
const reads = pool(process.env.READS);
const cache = process.env.CACHE === 'off' ? null : redis.createClient({url: process.env.CACHE, disableOfflineQueue: true});

// What this process knows of itself, for whoever checks what a client found out.
const log = fs.openSync(process.env.LOG, 'a');
const note = (...words) => fs.writeSync(log, [Date.now(), ...words].join(' ') + '\n');
const acknowledged = new Map(); // id -> price of the last write that was acknowledged

let readsSoFar = 0;

// A cache that is down costs time, and no answers.
const fromCache = async (id) => (cache && cache.isReady ? cache.get(`product:${id}`).catch(() => null) : null);
const toCache = (id, text) => cache && cache.isReady && cache.set(`product:${id}`, text, {EX: SECONDS_IN_CACHE}).catch(() => {});
const outOfCache = async (id) => cache && cache.isReady && cache.del(`product:${id}`).catch(() => {});

async function get(id) {
  const number = ++readsSoFar;
  note('get', id, number);
  const newest = acknowledged.get(id);
  const cached = await fromCache(id);
  let product = cached && JSON.parse(cached);
  if (!product) {
    const {rows} = await reads.query('select id, price::int, stock from products where id = $1', [id]);
    if (rows.length === 0) return [404, {error: 'no such product'}];
    product = rows[0];
    toCache(id, JSON.stringify(product));
  }
  const source = cached ? 'cache' : SOURCE;
  note('got', number, product.price, source);
  if (newest !== undefined && product.price < newest) note('stale', id, product.price, newest, source);
  return [200, {...product, source}];
}

async function put(id, body) {
  const {price, stock} = JSON.parse(body);
  if (!Number.isInteger(price) || !Number.isInteger(stock)) return [400, {error: 'price and stock are whole numbers'}];
  note('put', id, price);
  const {rowCount} = await writes.query('update products set price = $2, stock = $3 where id = $1', [id, price, stock]);
  if (rowCount === 0) return [404, {error: 'no such product'}];
  await outOfCache(id);
  if (price > (acknowledged.get(id) ?? -1)) acknowledged.set(id, price);
  note('ack', id, price);
  return [200, {id, price, stock}];
}

async function answer(method, path, body) {
  if (path === '/health') return [200, {ok: true}];
  const id = Number((/^\/products\/(\d+)$/.exec(path) ?? [])[1]);
  if (!id) return [404, {error: 'no such path'}];
  if (method === 'GET') return get(id);
  if (method === 'PUT') return put(id, body);
  return [405, {error: 'GET or PUT'}];
}

async function serve(request, response) {
  let body = '';
  for await (const part of request) body += part;
  let status, said;
  try {
    [status, said] = await answer(request.method, request.url, body);
  } catch (error) {
    [status, said] = error instanceof SyntaxError ? [400, {error: 'no JSON'}] : [503, {error: 'the database is away'}];
  }
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(said));
}

async function main() {
  if (cache) {
    cache.on('error', () => {}); // it goes on trying
    cache.connect();
  }
  http.createServer({keepAliveTimeout: 60000}, serve).listen(Number(process.env.PORT), '127.0.0.1');
}
main();
